/** A value in Thrift's compact protocol: its type, and its bytes. */
export interface ThriftValue {
  readonly type: number;
  readonly bytes: readonly number[];
}

export const i32 = (value: number): ThriftValue => ({ type: 5, bytes: zigzag(BigInt(value)) });
export const i64 = (value: number | bigint): ThriftValue => ({ type: 6, bytes: zigzag(BigInt(value)) });
export const text = (value: string): ThriftValue => {
  const bytes = [...Buffer.from(value)];
  return { type: 8, bytes: [...varint(BigInt(bytes.length)), ...bytes] };
};
export const structs = (items: readonly ThriftValue[]): ThriftValue => {
  const header = items.length < 15 ? [(items.length << 4) | 12] : [0xfc, ...varint(BigInt(items.length))];
  return { type: 9, bytes: [...header, ...items.flatMap((item) => item.bytes)] };
};

/** A struct of fields by number, in rising order. */
export function struct(fields: Readonly<Record<number, ThriftValue | undefined>>): ThriftValue {
  const bytes: number[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    bytes.push(((Number(key) - last) << 4) | value.type, ...value.bytes);
    last = Number(key);
  }
  return { type: 12, bytes: [...bytes, 0] };
}

export function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

function zigzag(value: bigint): number[] {
  return varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
}

const physical = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const;
const repetitions = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;
const converted = [
  ...['UTF8', 'MAP', 'MAP_KEY_VALUE', 'LIST', 'ENUM', 'DECIMAL', 'DATE', 'TIME_MILLIS', 'TIME_MICROS'],
  ...['TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS', 'UINT_8', 'UINT_16', 'UINT_32', 'UINT_64', 'INT_8', 'INT_16'],
  ...['INT_32', 'INT_64', 'JSON', 'BSON', 'INTERVAL'],
];

/** A SchemaElement and its children. */
export interface SchemaNode {
  readonly name: string;
  readonly repetition?: (typeof repetitions)[number];
  readonly type?: (typeof physical)[number];
  readonly length?: number;
  readonly converted?: string;
  readonly scale?: number;
  readonly precision?: number;
  readonly logical?: ThriftValue;
  readonly children?: readonly SchemaNode[];
}

export function leaf(
  name: string,
  repetition: (typeof repetitions)[number],
  rest: Omit<SchemaNode, 'name'>,
): SchemaNode {
  return { name, repetition, ...rest };
}

export function group(
  name: string,
  repetition: (typeof repetitions)[number],
  rest: Omit<SchemaNode, 'name'>,
  children: readonly SchemaNode[],
): SchemaNode {
  return { name, repetition, ...rest, children };
}

const empty = struct({});
const boolean = (value: boolean): ThriftValue => ({ type: value ? 1 : 2, bytes: [] });

/** LogicalType, a union. */
export const logical = {
  string: struct({ 1: empty }),
  list: struct({ 3: empty }),
  decimal: (precision: number, scale: number) => struct({ 5: struct({ 1: i32(scale), 2: i32(precision) }) }),
  /** Unit 1, 2, 3: milli-, micro-, nanoseconds. */
  timestamp: (unit: number, isUtc: boolean) =>
    struct({ 8: struct({ 1: boolean(isUtc), 2: struct({ [unit]: empty }) }) }),
  integer: (bits: number, isSigned: boolean) =>
    struct({ 10: struct({ 1: { type: 3, bytes: [bits] }, 2: boolean(isSigned) }) }),
  null: struct({ 11: empty }),
  uuid: struct({ 14: empty }),
  float16: struct({ 15: empty }),
} as const;

/** One column chunk of a row group. */
export interface HandMadeChunk {
  readonly plainBytes?: number | bigint;
  readonly storedBytes?: number;
  readonly at?: number;
  readonly isEncrypted?: boolean;
}

/** A Parquet file that is all footer. */
export interface HandMadeParquet {
  readonly columns: readonly SchemaNode[];
  readonly rows?: number;
  readonly groups?: readonly { readonly rows: number; readonly chunks: readonly HandMadeChunk[] }[];
  /** Instead of what they would be. */
  readonly fields?: Readonly<Record<number, ThriftValue>>;
  /** Between the magic and the footer. */
  readonly data?: Uint8Array;
}

export function parquetFile({
  columns,
  rows = 0,
  groups = [],
  fields = {},
  data = new Uint8Array(),
}: HandMadeParquet): Buffer {
  const schema = [{ name: 'schema', children: columns }].flatMap(elements);
  const rowGroups = groups.map((one) =>
    struct({ 1: structs(one.chunks.map(chunk)), 2: i64(0), 3: i64(one.rows) }),
  );
  const metadata = struct({
    1: i32(2),
    2: structs(schema),
    3: i64(rows),
    4: structs(rowGroups),
    6: text('by hand'),
    ...fields,
  });
  return withFooter(Buffer.from(metadata.bytes), data);
}

/** A footer between what stands around it. */
export function withFooter(footer: Uint8Array, data: Uint8Array = new Uint8Array()): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), data, footer, length, Buffer.from('PAR1')]);
}

function elements(node: SchemaNode): ThriftValue[] {
  const some = <T>(value: T | undefined, write: (value: T) => ThriftValue) =>
    value === undefined ? undefined : write(value);
  const element = struct({
    1: some(node.type, (type) => i32(physical.indexOf(type))),
    2: some(node.length, i32),
    3: some(node.repetition, (repetition) => i32(repetitions.indexOf(repetition))),
    4: text(node.name),
    5: some(node.children, (children) => i32(children.length)),
    6: some(node.converted, (name) => i32(converted.indexOf(name))),
    7: some(node.scale, i32),
    8: some(node.precision, i32),
    10: node.logical,
  });
  return [element, ...(node.children ?? []).flatMap(elements)];
}

function chunk({ plainBytes = 0, storedBytes = 0, at = 4, isEncrypted = false }: HandMadeChunk): ThriftValue {
  const metadata = struct({
    1: i32(1),
    4: i32(0),
    5: i64(0),
    6: i64(plainBytes),
    7: i64(storedBytes),
    9: i64(at),
  });
  return struct({ 2: i64(0), 3: metadata, 8: isEncrypted ? struct({ 1: empty }) : undefined });
}
