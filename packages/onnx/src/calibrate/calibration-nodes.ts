import type { DoubleArithmetic } from '../graph/double-arithmetic.ts';
import type { OnnxCalibration } from './calibration.ts';

/** Adds the calibration of the probability `p`, doubles `[N, 1]`, to a graph, and gives the name of the result. */
export function calibrationNodes(
  math: DoubleArithmetic,
  calibration: Exclude<OnnxCalibration, { method: 'none' }>,
  p: string,
): string {
  if (calibration.method === 'isotonic') return isotonicNodes(math, calibration, p);
  const scaled = math.apply('Mul', [math.logit(p), math.constant(calibration.slope)]);
  return math.apply('Sigmoid', [math.apply('Add', [scaled, math.constant(calibration.intercept)])]);
}

/**
 * y_0 + Σ_i slope_i · (clip(p, x_i, x_{i+1}) − x_i): each segment adds as much of its rise as p has come along it. The sum is clipped to
 * y_0..y_K, beyond which only rounding could bring it.
 */
function isotonicNodes(
  math: DoubleArithmetic,
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
  p: string,
): string {
  const segments = x.slice(1).map((end, i) => {
    const [start, from, to] = [x[i] as number, y[i] as number, y[i + 1] as number];
    return { start, end, slope: (to - from) / (end - start) };
  });
  const row = (values: readonly number[]) => math.tensor(values, [1, values.length]);
  const starts = row(segments.map(({ start }) => start));
  const clipped = math.clip(p, starts, row(segments.map(({ end }) => end)));
  const slopes = math.tensor(
    segments.map(({ slope }) => slope),
    [segments.length, 1],
  );
  const rise = math.apply('MatMul', [math.apply('Sub', [clipped, starts]), slopes]);
  const [first, last] = [math.constant(y[0] as number), math.constant(y.at(-1) as number)];
  return math.clip(math.apply('Add', [rise, first]), first, last);
}
