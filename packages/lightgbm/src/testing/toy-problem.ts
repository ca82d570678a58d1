import { createRandom } from '@risk-scoring/contract';

/** A learnable two-class problem, column-major. */
export interface ToyProblem {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[];
  readonly labels: Int8Array;
  readonly weights: Float32Array;
}

/**
 * Normal features; the label is a coin whose odds follow the first two and their product. A tenth of the second
 * column is unknown (NaN), and that an entry is unknown says something, too.
 */
export function createToyProblem({ rows = 2000, columns = 6, seed = 1 } = {}): ToyProblem {
  const random = createRandom(seed, 'toy problem');
  const values = new Float32Array(rows * columns);
  const labels = new Int8Array(rows);
  const weights = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) values[column * rows + row] = random.normal();
    const first = values[row] as number;
    const second = values[rows + row] as number;
    const unknown = random.next() < 0.1;
    if (unknown) values[rows + row] = Number.NaN;
    const logit = 2 * first + (unknown ? 1.5 : second * first - second);
    labels[row] = random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    weights[row] = 0.5 + random.next();
  }
  const names = Array.from({ length: columns }, (_, column) => `feature_${column}`);
  return { values, rows, columns, names, labels, weights };
}

/** The same matrix on memory that threads share. */
export function onSharedMemory(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

/** The row numbers `start`, `start + step`, … below `rows`. */
export function everyRow(rows: number, { start = 0, step = 1 } = {}): Int32Array {
  return Int32Array.from({ length: Math.ceil((rows - start) / step) }, (_, i) => start + i * step);
}
