import type { CalibrationFit, IsotonicCalibration } from './calibration.ts';
import { type CalibrationRows, checkCalibrationRows } from './calibration-rows.ts';
import { type IsotonicBlocks, poolAdjacentViolators } from './pool-adjacent-violators.ts';

/** More would be noise, and slow to score with. */
const MAX_KNOTS = 100;

/**
 * Knots that are nearer become one, so that no slope is above a thousand: a score and its twin from ONNX Runtime, which differ in the eighth digit, then
 * differ little as probabilities.
 */
const NEAREST_KNOTS = 1e-3;

/** How much of a straight line is mixed in to make the function strictly increasing. */
const LINE_SHARE = 1e-6;

interface Knot {
  readonly x: number;
  readonly y: number;
}

/**
 * Isotonic calibration: the increasing function nearest to the labels, made strictly increasing, so that no
 * two scores become equal and no order changes.
 *
 * 1. Weighted isotonic regression gives blocks of scores with one rate each.
 * 2. Each block becomes one knot, at its mean score and rate (centred isotonic regression: Oron and Flournoy, Statistics in Biopharmaceutical
 *    Research 9, 2017), so the function rises throughout instead of in stairs.
 * 3. More than 98 knots are thinned to 98 or fewer: neighbours of about equal weight together become one, at their weighted means; and so do
 *    knots less than 1e-3 apart.
 * 4. The ends are anchored at x = 0 and x = 1 with the rates of the lowest and highest knot.
 * 5. y becomes (1 - 1e-6) · y + 1e-6 · (¼ + x / 2): every slope is 5e-7 or more, and y stays within 2.5e-7 … 1 - 2.5e-7. In doubles, scores
 *    about 1e-9 apart stay apart.
 *
 * No calibration, but a reason, where isotonic regression makes a single block: labels do not rise with scores.
 *
 * @throws {SingleClassError} when a class has no weight
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label or arrays of unequal length
 * @example
 * const { calibration } = fitIsotonic({ labels, scores, weights });
 * if (calibration) probabilities = calibrate(calibration, scores);
 */
export function fitIsotonic(rows: CalibrationRows): CalibrationFit<IsotonicCalibration> {
  checkCalibrationRows(rows);
  const knots = thin(poolAdjacentViolators(rows), MAX_KNOTS - 2);
  if (knots.length < 2) {
    return { calibration: undefined, reason: 'the labels do not rise with the scores anywhere' };
  }
  const anchored = anchor(knots);
  return {
    calibration: {
      method: 'isotonic',
      x: anchored.map(({ x }) => x),
      y: anchored.map(({ x, y }) => (1 - LINE_SHARE) * y + LINE_SHARE * (0.25 + x / 2)),
    },
  };
}

/** Puts together blocks whose middles, by weight, fall into the same of `most` equal parts, or that lie very near to one another. */
function thin({ scores, rates, weights }: IsotonicBlocks, most: number): readonly Knot[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const partOf = (middle: number) =>
    weights.length > most ? Math.min(Math.floor((most * middle) / total), most - 1) : undefined;
  const knots: Knot[] = [];
  let below = 0;
  let open = { weight: 0, x: 0, y: 0, part: partOf(0) };
  const close = () => knots.push({ x: open.x, y: open.y });
  for (let block = 0; block < weights.length; block++) {
    const weight = weights[block];
    const part = partOf(below + weight / 2);
    const together = (part !== undefined && part === open.part) || scores[block] - open.x < NEAREST_KNOTS;
    if (open.weight > 0 && together) {
      const sum = open.weight + weight;
      const mean = (a: number, b: number) => a + ((b - a) * weight) / sum;
      open = { weight: sum, x: mean(open.x, scores[block]), y: mean(open.y, rates[block]), part };
    } else {
      if (open.weight > 0) close();
      open = { weight, x: scores[block], y: rates[block], part };
    }
    below += weight;
  }
  close();
  return knots;
}

/** Makes the knots reach from 0 to 1, level with the outermost ones. */
function anchor(knots: readonly Knot[]): readonly Knot[] {
  const inner = knots.filter(({ x }) => x >= NEAREST_KNOTS && 1 - x >= NEAREST_KNOTS);
  return [{ x: 0, y: knots[0].y }, ...inner, { x: 1, y: knots[knots.length - 1].y }];
}
