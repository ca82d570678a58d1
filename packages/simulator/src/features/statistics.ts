/** Any list of numbers with a length. */
export type Numbers = Float64Array | Int32Array | Uint16Array | Uint8Array;

/** The sum of some numbers. */
export function sum(values: Numbers): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** Population moments: variance in squared units, skewness and kurtosis (3 for a normal distribution) in none. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/** Moments of at least one number; skewness and kurtosis are 0 where nothing varies. */
export function moments(values: Numbers): Moments {
  const mean = sum(values) / values.length;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i] - mean;
    const square = deviation * deviation;
    second += square;
    third += square * deviation;
    fourth += square * square;
  }
  const variance = second / values.length;
  const varies = variance > 1e-12 * mean ** 2;
  return {
    mean,
    variance: varies ? variance : 0,
    skewness: varies ? third / values.length / variance ** 1.5 : 0,
    kurtosis: varies ? fourth / values.length / variance ** 2 : 0,
  };
}

/** Standard deviation over mean; 0 where the mean is 0. */
export function variation(values: Numbers): number {
  if (values.length === 0) return 0;
  const { mean, variance } = moments(values);
  return mean > 0 ? Math.sqrt(variance) / mean : 0;
}

/** Σ p² of the shares p (Herfindahl): 1 when one has all; 0 when there is nothing to share. */
export function herfindahl(values: Numbers): number {
  const total = sum(values);
  if (total === 0) return 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.min(1, squares / (total * total));
}

/** Shannon entropy of the shares over that of `outcomes` equal ones: 0 when one has all, 1 when all are even. */
export function evenness(values: Numbers, outcomes: number): number {
  const total = sum(values);
  if (total === 0 || outcomes < 2) return 0;
  let entropy = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > 0) entropy -= (values[i] / total) * Math.log(values[i] / total);
  }
  return Math.min(1, Math.max(0, entropy / Math.log(outcomes)));
}

/** How many numbers are above 0. */
export function countPositive(values: Numbers): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > 0) count++;
  return count;
}

/** The middle of ascending numbers, or the mean of the middle two; 0 where there are none. */
export function median(ascending: Numbers): number {
  if (ascending.length === 0) return 0;
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
}

/** The position of the greatest number, the first of equals. */
export function indexOfGreatest(values: Numbers): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** How far up each number stands among all, 0..1; equal numbers stand equally far. */
export function percentileRanks(values: Float64Array): Float64Array {
  const ascending = values.slice().sort();
  return values.map(
    (value) => (firstAtLeast(ascending, value) + firstAbove(ascending, value)) / 2 / values.length,
  );
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  return search(ascending, (candidate) => candidate >= value);
}

function firstAbove(ascending: Float64Array, value: number): number {
  return search(ascending, (candidate) => candidate > value);
}

/** The first position whose value passes; passing values follow all others. */
function search(ascending: Float64Array, passes: (candidate: number) => boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(ascending[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
