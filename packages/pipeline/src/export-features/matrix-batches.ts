import { type FeatureColumn, type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import {
  type Data,
  DateDay,
  Field,
  Float32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import { addressOf } from '../address-of.ts';

const KEYS = ['processing_date', 'alert_id', 'address'] as const;

/** Rows of a batch: a few tens of MB of a usual matrix. */
const BATCH_ROWS = 25_000;

/**
 * The columns of a matrix file: the keys, then the features as float32 with what is known of each. None is nullable: what is
 * unknown is NaN.
 *
 * @param metadata of the file as a whole
 * @throws {InvalidInputError} for a feature named like a key, or two of one name
 */
export function matrixSchema(
  columns: readonly FeatureColumn[],
  metadata: ReadonlyMap<string, string>,
): Schema {
  const names = [...KEYS, ...columns.map(({ name }) => name)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidInputError({
      what: 'The list of features',
      expected: `each name once, and none of ${KEYS.join(', ')}`,
      found: twice,
      remedy: 'rename that column in its group',
    });
  }
  const [date, id, address] = KEYS;
  return new Schema(
    [
      new Field(date, new DateDay(), false),
      new Field(id, new Utf8(), false),
      new Field(address, new Utf8(), false),
      ...columns.map((column) => new Field(column.name, new Float32(), false, describe(column))),
    ],
    new Map(metadata),
  );
}

/**
 * The rows of a matrix, in order, some thousands at a time. Feature columns are views of the matrix, never copies.
 *
 * @example
 * for (const batch of matrixBatches(matrix, schema)) batch.numRows;
 */
export function* matrixBatches(matrix: FeatureMatrix, schema: Schema): Generator<RecordBatch> {
  for (let from = 0; from < matrix.rows; from += BATCH_ROWS) {
    const to = Math.min(from + BATCH_ROWS, matrix.rows);
    const rows = Array.from({ length: to - from }, (_, index) => from + index);
    const children: Data[] = [
      makeData({
        type: new DateDay(),
        length: to - from,
        nullCount: 0,
        data: matrix.keys.processingDates.subarray(from, to),
      }),
      texts(matrix.keys.ids.slice(from, to)),
      texts(rows.map((row) => addressOf(matrix, row))),
      ...matrix.columns.map((_, column) =>
        makeData({
          type: new Float32(),
          length: to - from,
          nullCount: 0,
          data: matrix.values.subarray(column * matrix.rows + from, column * matrix.rows + to),
        }),
      ),
    ];
    const type = new Struct(schema.fields);
    yield new RecordBatch(schema, makeData({ type, length: to - from, nullCount: 0, children }));
  }
}

function describe({ kind, meaning, unit, missing, group }: FeatureColumn): Map<string, string> {
  return new Map(Object.entries({ meaning, ...(unit === undefined ? {} : { unit }), missing, group, kind }));
}

function texts(values: readonly string[]): Data<Utf8> {
  const valueOffsets = new Int32Array(values.length + 1);
  values.forEach((value, row) => {
    valueOffsets[row + 1] = (valueOffsets[row] ?? 0) + Buffer.byteLength(value);
  });
  return makeData({
    type: new Utf8(),
    length: values.length,
    nullCount: 0,
    valueOffsets,
    data: Buffer.from(values.join('')),
  });
}
