import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedEngine } from '../../engine/embedded-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import { inspectFile } from './inspect-file.ts';
import { group, leaf, logical, parquetFile, type SchemaNode } from './testing/hand-made-parquet.ts';

const scratch = scratchFolder();
let engine: Engine;

beforeAll(async () => {
  engine = await openEmbeddedEngine(scratch.folder);
});
afterAll(async () => {
  await engine.close();
  scratch.remove();
});

/** What the engine says of a file. */
async function describeFile(file: string): Promise<string[]> {
  const sql = `DESCRIBE TABLE file({file:String}, 'Parquet') FORMAT JSONCompactEachRow`;
  const lines = (await engine.run({ sql, params: { file } })).trim().split('\n');
  return lines.map((line) => withoutMembers((JSON.parse(line) as string[]).slice(0, 2).join(' ')));
}

/** What we say of it. */
async function inspect(file: string): Promise<string[]> {
  const { columns } = await inspectFile(file, { maxPlainBytes: 1e9 });
  return columns.map(({ name, type }) => `${name} ${type}`);
}

/** `Array(Tuple(a UInt8))` → `Array(Tuple)`: no table has such a column, so its members do not matter. */
function withoutMembers(column: string): string {
  return column
    .replaceAll(/\s+/g, ' ')
    .replace(/\b(Tuple|Map)\(.*?(\)*)$/, (_, name: string, closing: string) => {
      const arrays = [...column.matchAll(/Array\((?=.*\b(?:Tuple|Map)\()/g)].length;
      return `${name}${')'.repeat(Math.min(arrays, closing.length))}`;
    });
}

const snapshot = fileURLToPath(
  new URL('../../../../../../shared/data/ethereum-2018-2019/2020-01-01', import.meta.url),
);

describe('inspectFile and DESCRIBE TABLE say the same', () => {
  it.skipIf(!existsSync(snapshot))(`of every column of the snapshot in ${snapshot}`, async () => {
    const tables = readdirSync(snapshot).filter((name) => name.endsWith('.parquet'));
    expect(tables).toHaveLength(5);
    for (const table of tables) {
      const file = path.join(snapshot, table);
      const columns = await inspect(file);
      expect(columns.length).toBeGreaterThan(10);
      expect(columns).toEqual(await describeFile(file));
      const rows = await engine.run({
        sql: `SELECT count() FROM file({file:String}) FORMAT TSV`,
        params: { file },
      });
      expect((await inspectFile(file, { maxPlainBytes: 1e9 })).rows).toBe(Number(rows));
    }
  });

  const scalars = [
    ...[
      'UInt8',
      'UInt16',
      'UInt32',
      'UInt64',
      'UInt128',
      'UInt256',
      'Int8',
      'Int16',
      'Int32',
      'Int64',
      'Int128',
    ],
    ...['Float32', 'Float64', 'Decimal(9, 2)', 'Decimal(18, 4)', 'Decimal(38, 18)', 'Decimal(76, 30)'],
    ...[
      'Date',
      'Date32',
      'DateTime',
      "DateTime('UTC')",
      'DateTime64(3)',
      "DateTime64(6, 'UTC')",
      "DateTime64(9, 'UTC')",
    ],
    ...[
      'Bool',
      'String',
      'FixedString(4)',
      'FixedString(16)',
      'UUID',
      'IPv4',
      'IPv6',
      "Enum8('a' = 0)",
      "Enum16('a' = 0)",
    ],
  ];
  const types = [
    ...scalars,
    ...scalars.map((type) => `Nullable(${type})`),
    ...scalars.map((type) => `Array(${type})`),
    ...['LowCardinality(String)', 'LowCardinality(Nullable(String))', 'Array(LowCardinality(String))'],
    ...[
      'Array(Nullable(String))',
      'Array(Array(UInt16))',
      'Map(String, UInt64)',
      'Array(Map(String, UInt8))',
    ],
    ...['Tuple(UInt8, String)', 'Tuple(a UInt8, b Array(String))', 'Array(Tuple(a UInt8, b String))', 'JSON'],
  ];
  const settings = [
    {},
    { output_format_parquet_string_as_string: 0, output_format_parquet_version: '1.0' },
    {
      output_format_parquet_datetime_as_uint32: 1,
      output_format_parquet_fixed_string_as_fixed_byte_array: 0,
      output_format_parquet_enum_as_byte_array: 0,
    },
  ] as const;
  for (const [index, writing] of settings.entries()) {
    it(`of files that ClickHouse writes, with ${JSON.stringify(writing)}`, async () => {
      const file = path.join(scratch.folder, `written-${index}.parquet`);
      const table = `CREATE TABLE written_${index} (${types.map((type, column) => `c${column} ${type}`).join(', ')}) ENGINE = Memory`;
      await engine.run({ sql: table, settings: { enable_json_type: 1 } });
      await engine.run({ sql: `INSERT INTO written_${index} (c0) VALUES (1), (2), (3)` });
      await engine.run({
        sql: `INSERT INTO FUNCTION file({file:String}, 'Parquet') SELECT * FROM written_${index}`,
        params: { file },
        settings: writing,
      });
      const columns = await inspect(file);
      expect(columns).toHaveLength(types.length);
      expect(columns).toEqual(await describeFile(file));
      expect((await inspectFile(file, { maxPlainBytes: 1e9 })).rows).toBe(3);
    });
  }

  // Written by parquet-wasm 0.8.0 (arrow-rs) from an empty apache-arrow table with a required and an optional column
  // of each type.
  it('of a file that arrow-rs wrote', async () => {
    const file = path.join(scratch.folder, 'arrow-rs.parquet');
    copyFileSync(fileURLToPath(new URL('./fixtures/every-type.arrow-rs.parquet', import.meta.url)), file);
    const columns = await inspect(file);
    expect(columns).toHaveLength(60);
    expect(columns).toEqual(await describeFile(file));
  });

  const int32 = { type: 'INT32' } as const;
  const int64 = { type: 'INT64' } as const;
  const bytes = { type: 'BYTE_ARRAY' } as const;
  const fixed = (length: number) => ({ type: 'FIXED_LEN_BYTE_ARRAY', length }) as const;
  const list = (repetition: 'REQUIRED' | 'OPTIONAL', element: 'REQUIRED' | 'OPTIONAL') =>
    group('c', repetition, { converted: 'LIST' }, [
      group('list', 'REPEATED', {}, [leaf('element', element, int32)]),
    ]);
  const cases: Readonly<Record<string, SchemaNode>> = {
    int96: leaf('c', 'OPTIONAL', { type: 'INT96' }),
    ...Object.fromEntries(
      (
        [
          'UINT_8',
          'UINT_16',
          'UINT_32',
          'UINT_64',
          'INT_8',
          'INT_16',
          'DATE',
          'TIME_MILLIS',
          'TIMESTAMP_MILLIS',
          'UTF8',
          'JSON',
        ] as const
      ).flatMap((converted) => [
        [`INT32 ${converted}`, leaf('c', 'REQUIRED', { ...int32, converted })],
        [`INT64 ${converted}`, leaf('c', 'REQUIRED', { ...int64, converted })],
      ]),
    ),
    ...Object.fromEntries(
      (['UTF8', 'ENUM', 'JSON', 'BSON', 'DATE'] as const).flatMap((converted) => [
        [`BYTE_ARRAY ${converted}`, leaf('c', 'OPTIONAL', { ...bytes, converted })],
        [`FIXED ${converted}`, leaf('c', 'OPTIONAL', { ...fixed(5), converted })],
      ]),
    ),
    interval: leaf('c', 'REQUIRED', { ...fixed(12), converted: 'INTERVAL' }),
    ...Object.fromEntries(
      (['BOOLEAN', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'] as const).flatMap(
        (type) =>
          (
            [
              'UTF8',
              'DATE',
              'INT_32',
              'TIMESTAMP_MILLIS',
              'TIME_MICROS',
              'JSON',
              'INTERVAL',
              'DECIMAL',
            ] as const
          ).map((converted) => [
            `${type} ${converted}`,
            leaf('c', 'REQUIRED', { type, length: 12, converted, precision: 9, scale: 2 }),
          ]),
      ),
    ),
    'no length': leaf('c', 'REQUIRED', fixed(0)),
    'logical string': leaf('c', 'REQUIRED', { ...bytes, logical: logical.string }),
    'logical unsigned 64 in 32': leaf('c', 'REQUIRED', { ...int32, logical: logical.integer(64, false) }),
    'logical signed 16 in 64': leaf('c', 'REQUIRED', { ...int64, logical: logical.integer(16, true) }),
    'local milliseconds': leaf('c', 'REQUIRED', { ...int64, logical: logical.timestamp(1, false) }),
    nanoseconds: leaf('c', 'REQUIRED', { ...int64, logical: logical.timestamp(3, true) }),
    'null type': leaf('c', 'OPTIONAL', { ...int32, logical: logical.null }),
    uuid: leaf('c', 'OPTIONAL', { ...fixed(16), logical: logical.uuid }),
    'short uuid': leaf('c', 'OPTIONAL', { ...fixed(8), logical: logical.uuid }),
    'half float': leaf('c', 'REQUIRED', { ...fixed(2), logical: logical.float16 }),
    'decimal in bytes': leaf('c', 'REQUIRED', { ...bytes, converted: 'DECIMAL', precision: 20, scale: 4 }),
    'decimal without scale': leaf('c', 'REQUIRED', { ...fixed(16), converted: 'DECIMAL', precision: 38 }),
    'decimal in 64 bits': leaf('c', 'REQUIRED', { ...int64, converted: 'DECIMAL', precision: 18, scale: 4 }),
    'logical decimal': leaf('c', 'REQUIRED', { ...int32, logical: logical.decimal(9, 2) }),
    'too many digits': leaf('c', 'REQUIRED', { ...int32, converted: 'DECIMAL', precision: 10, scale: 2 }),
    'more places than digits': leaf('c', 'REQUIRED', {
      ...int32,
      converted: 'DECIMAL',
      precision: 9,
      scale: 10,
    }),
    'negative scale': leaf('c', 'REQUIRED', { ...int32, converted: 'DECIMAL', precision: 9, scale: -1 }),
    'list of required': list('REQUIRED', 'REQUIRED'),
    'optional list': list('OPTIONAL', 'OPTIONAL'),
    'logical list': group('c', 'OPTIONAL', { logical: logical.list }, [
      group('bag', 'REPEATED', {}, [leaf('array_element', 'OPTIONAL', int32)]),
    ]),
    'list of two levels': group('c', 'OPTIONAL', { converted: 'LIST' }, [leaf('element', 'REPEATED', int32)]),
    'list of pairs': group('c', 'OPTIONAL', { converted: 'LIST' }, [
      group('element', 'REPEATED', {}, [leaf('x', 'REQUIRED', int32), leaf('y', 'REQUIRED', int32)]),
    ]),
    'list of lists': group('c', 'OPTIONAL', { converted: 'LIST' }, [
      group('list', 'REPEATED', {}, [{ ...list('OPTIONAL', 'OPTIONAL'), name: 'element' }]),
    ]),
    'list that does not repeat': group('c', 'OPTIONAL', { converted: 'LIST' }, [
      group('list', 'REQUIRED', {}, [leaf('element', 'OPTIONAL', int32)]),
    ]),
    'repeated number': leaf('c', 'REPEATED', int32),
    'repeated group': group('c', 'REPEATED', {}, [leaf('x', 'REQUIRED', int32)]),
    'repeated list': { ...list('REQUIRED', 'OPTIONAL'), repetition: 'REPEATED' },
    group: group('c', 'OPTIONAL', {}, [leaf('x', 'REQUIRED', int32), leaf('y', 'OPTIONAL', int32)]),
    map: group('c', 'OPTIONAL', { converted: 'MAP' }, [
      group('key_value', 'REPEATED', {}, [
        leaf('key', 'REQUIRED', { ...bytes, converted: 'UTF8' }),
        leaf('value', 'OPTIONAL', int32),
      ]),
    ]),
  };
  it('of every kind of schema, made by hand', async () => {
    for (const [label, column] of Object.entries(cases)) {
      const file = path.join(scratch.folder, 'hand-made.parquet');
      writeFileSync(file, parquetFile({ columns: [column, leaf('d', 'REQUIRED', int32)] }));
      const [first = '', second] = await inspect(file);
      expect(second, label).toBe('d Int32');
      const described = await describeFile(file).catch((error: Error) => error.message);
      // What the engine refuses, it refuses for that column's schema.
      if (typeof described === 'string')
        expect([described, first], label).toEqual([
          expect.stringMatching(/column 'c'|name=c/),
          expect.stringMatching(/^c Unknown\(.+\)$/),
        ]);
      else expect([first, second], label).toEqual(described);
    }
  });
});
