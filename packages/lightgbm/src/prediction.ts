import type { Pointer } from './capi/c-api.ts';
import { call } from './capi/library.ts';
import { CONSTANTS } from './capi/signatures.ts';
import { assertRowNumbers, type ColumnMatrix, copyRowRange, gatherRows } from './column-matrix.ts';
import { LightGBMDataError } from './errors.ts';

/** What a prediction says: P(class), the score before the link function, or SHAP contributions with the base value last. */
export type PredictionOutput = 'probability' | 'raw' | 'contrib';

/** What to predict. */
export interface PredictionRequest extends ColumnMatrix {
  /** Rows in the order of the result, in any order and any number of times; all when absent. */
  readonly selected?: Int32Array | undefined;
  /** `probability` when absent. */
  readonly output?: PredictionOutput | undefined;
  /** Only the first iterations; all when absent. */
  readonly numIteration?: number | undefined;
  /** All cores when absent. The result does not depend on it. */
  readonly threads?: number | undefined;
  /** Called between chunks; what it throws ends the prediction. */
  readonly betweenChunks?: (() => void) | undefined;
}

/** The largest copy of rows that is held at a time. */
export const CHUNK_BYTES = 4 * 1024 * 1024;

/** Predicts chunk by chunk, so that besides the result only one chunk is in memory. */
export function predictInChunks(
  booster: Pointer,
  request: PredictionRequest,
  { valuesPerRow, parameters }: { valuesPerRow: number; parameters: string },
): Float64Array {
  const { selected, rows, columns } = request;
  if (selected) assertRowNumbers('The selection of rows', selected, rows);
  const count = selected?.length ?? rows;
  const result = new Float64Array(count * valuesPerRow);
  const chunkRows = Math.max(1, Math.floor(CHUNK_BYTES / (columns * Float32Array.BYTES_PER_ELEMENT)));
  const chunk = new Float32Array(Math.min(chunkRows, count) * columns);
  const type = predictionType(request.output ?? 'probability');
  const iterations = iterationCount(request.numIteration);
  const length = new BigInt64Array(1);
  for (let start = 0; start < count; start += chunkRows) {
    request.betweenChunks?.();
    const end = Math.min(start + chunkRows, count);
    const size = end - start;
    if (selected) gatherRows(request, selected.subarray(start, end), chunk);
    else copyRowRange(request, { start, end }, chunk);
    const out = result.subarray(start * valuesPerRow, end * valuesPerRow);

    const { C_API_DTYPE_FLOAT32: float } = CONSTANTS;
    call(
      'LGBM_BoosterPredictForMat',
      booster,
      chunk,
      float,
      size,
      columns,
      0,
      type,
      0,
      iterations,
      parameters,
      length,
      out,
    );
  }
  return result;
}

/** The number of iterations that the C API takes, where -1 says all. */
export function iterationCount(numIteration: number | undefined): number {
  if (numIteration === undefined) return -1;
  if (Number.isInteger(numIteration) && numIteration >= 1) return numIteration;
  throw new LightGBMDataError({
    what: 'The number of iterations',
    expected: 'a whole number from 1; or none, for all',
    found: String(numIteration),
  });
}

/** The number that the C API has for a kind of prediction. */
export function predictionType(output: PredictionOutput): number {
  switch (output) {
    case 'probability':
      return CONSTANTS.C_API_PREDICT_NORMAL;
    case 'raw':
      return CONSTANTS.C_API_PREDICT_RAW_SCORE;
    case 'contrib':
      return CONSTANTS.C_API_PREDICT_CONTRIB;
  }
}
