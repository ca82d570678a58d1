import type { Random } from '@risk-scoring/contract';
import { createRandom } from '@risk-scoring/contract';
import type { LightGBMParameters } from '@risk-scoring/lightgbm';
import { Booster, Dataset } from '@risk-scoring/lightgbm';
import type { Scores } from '../scorer/onnx-scorer.ts';

/** Rows to learn from, column-major, with labels that depend on them. */
export interface LearningData {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly label: Float32Array;
}

/** Columns of every kind a feature can be: smooth, with NaN, mostly zero, over many magnitudes, a flag. */
export function learningData(seed: number, rows: number, columns: number): LearningData {
  const random = createRandom(seed, 'onnx-learning-data');
  const values = new Float32Array(rows * columns);
  const signal = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const base = random.normal();
      values[column * rows + row] = shape(column % 5, base, random);
      signal[row] = signal[row] + base * ((column % 4) - 1.5);
    }
  }
  const label = Float32Array.from(signal, (z) => (random.next() < 1 / (1 + Math.exp(-z)) ? 1 : 0));
  return { values, rows, columns, label };
}

function shape(kind: number, base: number, random: Random): number {
  if (kind === 1) return random.next() < 0.2 ? Number.NaN : base;
  if (kind === 2) return base < 0.3 ? 0 : base;
  if (kind === 3) return Math.sign(base) * Math.exp(8 * Math.abs(base));
  if (kind === 4) return base > 0.5 ? 1 : 0;
  return base;
}

/** Trains with the native library, hands the booster over, and frees it. */
export function withTrainedBooster<T>(
  data: LearningData & { readonly group?: Int32Array },
  training: { readonly parameters: LightGBMParameters; readonly iterations: number },
  use: (booster: Booster) => T,
): T {
  // One thread: OpenMP's waiting threads spin, and on a busy machine that takes minutes.
  const parameters = { num_threads: 1, deterministic: true, seed: 1, ...training.parameters };
  const dataset = Dataset.fromColumns({ ...data, parameters });
  const booster = Booster.create(dataset, parameters);
  try {
    for (let i = 0; i < training.iterations && !booster.updateOneIteration(); i++);
    return use(booster);
  } finally {
    booster.dispose();
    dataset.dispose();
  }
}

/** What the native library says of every row. */
export function nativeScores(
  booster: Booster,
  matrix: { values: Float32Array; rows: number; columns: number },
): Scores {
  return {
    raw: booster.predict({ ...matrix, output: 'raw', threads: 1 }),
    probability: booster.predict({ ...matrix, output: 'probability', threads: 1 }),
  };
}
