import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FeatureGroup, FeatureMatrix, TrainingPeriod } from '@risk-scoring/contract';
import { extractTrainingData } from '@risk-scoring/extraction';
import { ALL_GROUPS, buildFeatureMatrix, DEFAULT_GROUPS, fitEncodings, planOf } from '@risk-scoring/features';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { type Table, tableFromIPC } from 'apache-arrow';
import { ParquetFile, readParquet } from 'parquet-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from './address-of.ts';
import { type ExportProgress, exportFeatures } from './export-features.ts';
import { featureSnapshot } from './feature-snapshot.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;
let period: TrainingPeriod;

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 5, snapshots: 3, alerts: 1200 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'data') }));
  const dates = (await ingestSnapshots(database, { from: snapshots })).map((each) => each.processingDate);
  period = { network: 'simnet', startDate: dates[0] ?? '', endDate: dates[1] ?? '', windowDays: 30 };
}, 60_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => path.join(folder, name);

/** The matrix as a training would compute it that learns from every row. */
async function matrixOf(groups: readonly FeatureGroup[]): Promise<FeatureMatrix> {
  const { data, snapshots } = await extractTrainingData(database, period, { tables: ['alerts'] });
  const all = Int32Array.from({ length: data.alerts.numRows }, (_, row) => row);
  const plan = planOf(groups, fitEncodings(groups, data.alerts, all));
  return buildFeatureMatrix(database, { snapshots: snapshots.map(featureSnapshot), plan, groups });
}

function readBack(name: string): Table {
  const bytes = readFileSync(file(name));
  return tableFromIPC(name.endsWith('.parquet') ? readParquet(bytes).intoIPCStream() : bytes);
}

/** The bits of a float32 column. */
function bitsOf(table: Table, name: string): Uint32Array {
  const parts = table.getChild(name)?.data ?? [];
  const values = new Float32Array(table.numRows);
  let offset = 0;
  for (const { values: part, length } of parts) {
    values.set(part.subarray(0, length), offset);
    offset += length;
  }
  return new Uint32Array(values.buffer);
}

describe.each(['matrix.parquet', 'matrix.arrow'])('%s', (name) => {
  it('holds every row and value of the matrix, bit by bit, and says what they mean', {
    timeout: 60_000,
  }, async () => {
    const result = await exportFeatures(database, { period, featureGroups: ALL_GROUPS, out: file(name) });
    const matrix = await matrixOf(ALL_GROUPS);
    const table = readBack(name);

    expect(table.numRows).toBe(matrix.rows);
    expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toEqual([
      'processing_date Date32<DAY>',
      'alert_id Utf8',
      'address Utf8',
      ...matrix.columns.map((column) => `${column.name} Float32`),
    ]);
    expect(table.schema.fields.some(({ nullable }) => nullable)).toBe(false);
    expect(Array.from(table.getChild('alert_id') ?? [])).toEqual(matrix.keys.ids);
    expect(Array.from(table.getChild('address') ?? [])).toEqual(
      matrix.keys.ids.map((_, row) => addressOf(matrix, row)),
    );
    expect(Array.from(table.getChild('processing_date') ?? [], (time) => Number(time) / 86_400_000)).toEqual(
      Array.from(matrix.keys.processingDates),
    );
    let unknown = 0;
    matrix.columns.forEach((column, index) => {
      const values = matrix.values.slice(index * matrix.rows, (index + 1) * matrix.rows);
      unknown += values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
      expect(bitsOf(table, column.name), column.name).toEqual(new Uint32Array(values.buffer));
      const { metadata } = table.schema.fields[index + 3] ?? {};
      expect(Object.fromEntries(metadata ?? [])).toEqual({
        meaning: column.meaning,
        ...(column.unit === undefined ? {} : { unit: column.unit }),
        missing: column.missing,
        group: column.group,
        kind: column.kind,
      });
    });
    expect(unknown).toBeGreaterThan(0);

    expect(result).toMatchObject({
      file: file(name),
      bytes: readFileSync(file(name)).length,
      rows: matrix.rows,
      features: matrix.columns.length,
      snapshots: 2,
      schema_hash: matrix.schemaHash,
    });
    const { metadata } = table.schema;
    expect(metadata.get('schema_hash')).toBe(matrix.schemaHash);
    expect(metadata.get('network')).toBe('simnet');
    expect(JSON.parse(metadata.get('encodings') ?? '')).toEqual(result.encodings);
  });
});

describe('exportFeatures', () => {
  it('writes the default groups, reports its progress, and leaves nothing beside the file', async () => {
    mkdirSync(file('alone'));
    const seen: ExportProgress[] = [];
    const out = file('alone/matrix.parquet');
    const result = await exportFeatures(database, { period, out, onProgress: (each) => seen.push(each) });
    expect(result.groups).toEqual(DEFAULT_GROUPS.map(({ name }) => name));
    expect(readdirSync(file('alone'))).toEqual(['matrix.parquet']);
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['features', 'writing the file']);
    expect(seen.at(-1)).toMatchObject({ rows: result.rows, totalRows: result.rows });
  });

  it('puts the schema hash where readers of Parquet look for metadata', async () => {
    const out = file('footer.parquet');
    const { schema_hash } = await exportFeatures(database, {
      period,
      featureGroups: DEFAULT_GROUPS.slice(0, 1),
      out,
    });
    const parquet = await ParquetFile.fromFile(new Blob([readFileSync(out)]));
    expect(parquet.metadata().fileMetadata().keyValueMetadata().get('schema_hash')).toBe(schema_hash);
  });

  it('replaces a file when it is forced to, and not otherwise', async () => {
    const out = file('old.arrow');
    writeFileSync(out, 'precious');
    const request = { period, featureGroups: DEFAULT_GROUPS.slice(0, 1), out };
    await expect(exportFeatures(database, request)).rejects.toThrow(/a name that is free.*--force/);
    expect(readFileSync(out, 'utf8')).toBe('precious');
    await exportFeatures(database, { ...request, force: true });
    expect(readBack('old.arrow').numRows).toBeGreaterThan(0);
  });

  it.each([
    ['an unknown ending', 'matrix.csv', 'one of .parquet, .arrow'],
    ['no ending', 'matrix', 'one of .parquet, .arrow'],
    ['an ending of every object', 'matrix.constructor', 'one of .parquet, .arrow'],
    ['a folder that is not there', 'none/matrix.arrow', 'a folder that is there'],
  ])('refuses %s before it computes anything', async (_, name, expected) => {
    const stages: string[] = [];
    const onProgress = ({ stage }: ExportProgress) => stages.push(stage);
    await expect(exportFeatures(database, { period, out: file(name), onProgress })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      expected: expect.stringContaining(expected),
    });
    expect(stages).toEqual([]);
  });

  it('refuses a folder of that name, even when it is forced to', async () => {
    mkdirSync(file('folder.arrow'));
    await expect(
      exportFeatures(database, { period, out: file('folder.arrow'), force: true }),
    ).rejects.toThrow('not of something else');
  });

  it('tells a name that the disk cannot have', async () => {
    const out = file(`${'x'.repeat(300)}.arrow`);
    await expect(exportFeatures(database, { period, out })).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      found: 'ENAMETOOLONG',
    });
  });

  it('refuses the period of another network', async () => {
    const elsewhere = { ...period, network: 'othernet' };
    await expect(
      exportFeatures(database, { period: elsewhere, out: file('other.arrow') }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', found: "'othernet'" });
  });

  it('refuses a period without alerts, and dates that are none', async () => {
    const out = file('never.parquet');
    const none = { ...period, startDate: '2001-01-01', endDate: '2001-01-02' };
    await expect(exportFeatures(database, { period: none, out })).rejects.toMatchObject({
      code: 'NO_ALERTS_FOUND',
    });
    const malformed = { ...period, startDate: '1.1.2025' };
    await expect(exportFeatures(database, { period: malformed, out })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a feature that is called like a key', async () => {
    const group: FeatureGroup = {
      specificationVersion: 'v1',
      name: 'clash',
      per: 'address',
      columns: [{ name: 'address', kind: 'numeric', meaning: 'one', missing: 'never missing' }],
      sql: 'SELECT DISTINCT processing_date, address_key, 1 AS address FROM features',
    };
    await expect(
      exportFeatures(database, { period, featureGroups: [group], out: file('clash.arrow') }),
    ).rejects.toMatchObject({ code: 'FEATURE_GROUP_INVALID', found: expect.stringContaining('address') });
  });

  it.each(['stopped.parquet', 'stopped.arrow'])(
    'leaves nothing of %s when it is stopped while it writes',
    async (name) => {
      mkdirSync(file(`in-${name}`));
      const controller = new AbortController();
      const stop = exportFeatures(database, {
        period,
        out: file(`in-${name}/${name}`),
        signal: controller.signal,
        onProgress: ({ stage, done, total }) => {
          if (stage === 'features' && done === total) controller.abort();
        },
      });
      await expect(stop).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(readdirSync(file(`in-${name}`))).toEqual([]);
    },
  );
});
