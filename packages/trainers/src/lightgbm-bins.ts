import { type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import type { LightGBMParameters, SessionDataset } from '@risk-scoring/lightgbm';
import { assertConvertibleParameters } from '@risk-scoring/onnx';
import { columnParameters } from './column-parameters.ts';
import { namedMatrix } from './lightgbm-model.ts';
import type { SettledOptions } from './lightgbm-parameters.ts';
import { queryOrder } from './ranking/query-order.ts';
import { leaseSession, type SessionLease } from './session-lease.ts';

/** Bins in a session, behind the handle that a caller holds. */
export interface Bins {
  readonly data: FeatureMatrix;
  readonly lease: SessionLease;
  readonly dataset: SessionDataset;
  /** Of the bins and of every training on them. */
  readonly parameters: LightGBMParameters;
}

/** LightGBM counts rows and cells with 32 bits. */
const MOST_CELLS = 2 ** 31 - 1;

/** The largest category: LightGBM keeps sets of categories as one bit per number up to the largest. */
const LARGEST_CATEGORY = 1_000_000;

/**
 * Refuses a matrix of more cells than LightGBM counts, before anything is made of it.
 *
 * @throws {InvalidInputError} where it is so
 * @example
 * assertCountable(data);
 */
export function assertCountable({ rows, columns }: FeatureMatrix): void {
  if (rows * columns.length <= MOST_CELLS) return;
  throw new InvalidInputError({
    what: 'The feature matrix',
    expected: `at most ${MOST_CELLS} values`,
    found: `${rows} rows × ${columns.length} columns = ${rows * columns.length} values`,
    remedy: 'take a shorter period, fewer feature groups or a sample of the rows',
  });
}

/**
 * Sorts rows into bins, in a session of their own: scorers in the order of the matrix, rankers by query.
 *
 * @param rows rows of the matrix, each once
 * @throws {InvalidInputError} where an option names an unknown column, or a category is none
 * @throws {UnconvertibleParametersError} where categories were asked for that have no ONNX twin
 * @throws {CancelledError} when the signal aborts
 */
export async function findBins(
  data: FeatureMatrix,
  rows: Int32Array,
  { settled, signal }: { settled: SettledOptions; signal?: AbortSignal | undefined },
): Promise<Bins> {
  const parameters = { ...settled.parameters, ...columnParameters(data.columns, settled.columns) };
  assertConvertibleParameters(parameters);
  const ascending = rows.slice().sort();
  assertCategories(data, ascending, parameters);
  const selected = settled.ranks ? queryOrder(data, ascending) : ascending;
  const lease = await leaseSession();
  try {
    const matrix = namedMatrix(data);
    const dataset = await lease.session.createDataset({ matrix, selected, parameters, signal });
    return { data, lease, dataset, parameters };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** Lets go of bins; harmless to repeat. */
export async function disposeBins({ dataset, lease }: Bins): Promise<void> {
  await dataset.dispose();
  await lease.release();
}

/** LightGBM would take 1.7 for category 1, and -3 for a missing value. */
function assertCategories(
  { values, rows: length, columns }: FeatureMatrix,
  rows: Int32Array,
  { categorical_feature: positions }: LightGBMParameters,
): void {
  if (!Array.isArray(positions)) return;
  for (const position of positions.map(Number)) {
    const wrong = rows.find((row) => !isCategory(values[position * length + row] as number));
    if (wrong === undefined) continue;
    throw new InvalidInputError({
      what: `The column '${columns[position]?.name ?? position}' of categories`,
      expected: `whole numbers from 0 to ${LARGEST_CATEGORY}, or NaN`,
      found: `${values[position * length + wrong]} in row ${wrong}`,
    });
  }
}

function isCategory(value: number): boolean {
  return Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && value <= LARGEST_CATEGORY);
}
