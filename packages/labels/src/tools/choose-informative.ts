import { farthestFirst } from './farthest-first.ts';
import { rankNormalise } from './rank-normalise.ts';

/** How many candidates there are for each that is chosen. */
const CANDIDATES_EACH = 10;

/**
 * How little a probability says, in bits: −p log₂ p − (1 − p) log₂ (1 − p); 1 at one half, 0 at 0 and 1.
 *
 * @example
 * uncertaintyOf(0.5); // 1
 */
export function uncertaintyOf(probability: number): number {
  const part = (p: number) => (p <= 0 ? 0 : -p * Math.log2(p));
  return part(probability) + part(1 - probability);
}

/** Features to tell candidates apart by, column-major as in a `FeatureMatrix`. */
export interface CandidateFeatures {
  readonly values: Float32Array;
  /** Rows of the matrix. */
  readonly rows: number;
  readonly columns: number;
  /** The row that stands for each candidate. */
  readonly rowOf: Int32Array;
}

/**
 * Chooses what to label next: of the ten times as many candidates of the highest uncertainty, those that differ most, the most uncertain one first. What a
 * model is unsure of teaches it most, but the most uncertain candidates tend to be alike, and one of them would do.
 *
 * Distances are Euclidean over all features as ranks among these candidates, each column weighing the same: what a model found important was found with the
 * labels that there are, and would look away from what they do not show.
 *
 * @param scores P(suspicious) per candidate
 * @returns candidates in the order of their choice; of equally uncertain ones the one that comes first
 * @example
 * chooseInformative(scores, { values: matrix.values, rows: matrix.rows, columns: matrix.columns.length, rowOf }, 100);
 */
export function chooseInformative(
  scores: Float64Array,
  features: CandidateFeatures,
  count: number,
): Int32Array {
  const uncertainties = scores.map(uncertaintyOf);
  const pool = Int32Array.from(scores, (_, candidate) => candidate)
    .sort((a, b) => (uncertainties[b] ?? 0) - (uncertainties[a] ?? 0) || a - b)
    .subarray(0, count * CANDIDATES_EACH);
  const { values, rows, columns, rowOf } = features;
  const ranks: Float32Array[] = [];
  for (let column = 0; column < columns; column++) {
    const ranked = rankNormalise(
      Float32Array.from(pool, (candidate) => values[column * rows + (rowOf[candidate] ?? 0)] ?? Number.NaN),
    );
    if (ranked.some((rank) => rank !== 0.5)) ranks.push(ranked);
  }
  // Without anything to tell them apart by, uncertainty alone decides.
  if (ranks.length === 0) return pool.slice(0, count);
  return farthestFirst(ranks, count).map((at) => pool[at] ?? 0);
}
