import type { CalibrationFit, PlattCalibration } from './calibration.ts';
import { type CalibrationRows, checkCalibrationRows, scoresAreEqual } from './calibration-rows.ts';
import { clippedLogit, sigmoid } from './logit.ts';

/** A lower slope would press all scores into so narrow a range that 32-bit floats no longer tell them apart. */
const LOWEST_SLOPE = 1e-3;

const ITERATIONS = 100;
/** Of the gradient, as a share of what it could be at most. */
const TOLERANCE = 1e-10;
/** What is still good enough where rounding lets no step make progress. */
const ROUGH_TOLERANCE = 1e-6;
/** Keeps the Hessian invertible. */
const RIDGE = 1e-12;
/** Of the decrease that the gradient promises (Armijo). */
const SUFFICIENT_DECREASE = 1e-4;
const SHORTEST_STEP = 1e-10;

/** The rows as the optimiser sees them. */
interface Problem {
  readonly logits: Float64Array;
  readonly targets: Float64Array;
  readonly weights: Float64Array;
}

/** Where the optimiser stands. */
interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Platt scaling: σ(slope · logit(p) + intercept) that makes the labels most likely.
 *
 * Targets are smoothed: (N₊ + 1) / (N₊ + 2) for positives, 1 / (N₋ + 2) for negatives, N being the total weight of
 * the class (Platt, Probabilistic outputs for support vector machines, 1999), which also keeps separable classes
 * from driving the slope to infinity. Found by Newton's method with backtracking (Lin, Lin and Weng, Machine Learning
 * 68, 2007, Algorithm 1), to a gradient of 1e-10 of the total weight.
 *
 * No calibration, but a reason, where all scores are equal or the slope is below 0.001: scores that labels do not
 * rise with cannot be calibrated without turning their order round.
 *
 * @throws {SingleClassError} when a class has no weight
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label or arrays of unequal length
 * @example
 * const { calibration } = fitPlatt({ labels, scores });
 * if (calibration) probabilities = calibrate(calibration, scores);
 */
export function fitPlatt(rows: CalibrationRows): CalibrationFit<PlattCalibration> {
  const { positive, negative } = checkCalibrationRows(rows);
  if (scoresAreEqual(rows)) return refuse('all scores are equal');
  const problem = problemOf(rows, { positive, negative });
  const start = { slope: 0, intercept: Math.log((positive + 1) / (negative + 1)) };
  const line = minimise(problem, start);
  if (line === undefined) return refuse('no optimum was found');
  if (line.slope < LOWEST_SLOPE) {
    return refuse(
      `the labels do not rise with the scores: a slope of ${line.slope.toPrecision(3)} fits best, at least ${LOWEST_SLOPE} is needed`,
    );
  }
  return { calibration: { method: 'platt', ...line } };
}

function refuse(reason: string): CalibrationFit<PlattCalibration> {
  return { calibration: undefined, reason };
}

function problemOf(
  { labels, scores, weights }: CalibrationRows,
  { positive, negative }: { readonly positive: number; readonly negative: number },
): Problem {
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  return {
    logits: Float64Array.from(scores, clippedLogit),
    targets: Float64Array.from(labels, (label) => (label === 1 ? high : low)),
    weights: weights === undefined ? new Float64Array(labels.length).fill(1) : Float64Array.from(weights),
  };
}

/** Undefined where it does not converge. */
function minimise(problem: Problem, start: Line): Line | undefined {
  let line = start;
  let loss = lossOf(problem, line);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { gradient, hessian, scale } = derivativesOf(problem, line);
    const size = Math.max(Math.abs(gradient.slope), Math.abs(gradient.intercept)) / scale;
    if (size <= TOLERANCE) return line;
    const direction = newtonDirection(gradient, hessian);
    const promised = gradient.slope * direction.slope + gradient.intercept * direction.intercept;
    let step = 1;
    let next = moved(line, direction, step);
    let nextLoss = lossOf(problem, next);
    while (!(nextLoss < loss + SUFFICIENT_DECREASE * step * promised)) {
      step /= 2;
      if (step < SHORTEST_STEP) return size <= ROUGH_TOLERANCE ? line : undefined;
      next = moved(line, direction, step);
      nextLoss = lossOf(problem, next);
    }
    line = next;
    loss = nextLoss;
  }
  return undefined;
}

function moved(line: Line, direction: Line, step: number): Line {
  return {
    slope: line.slope + step * direction.slope,
    intercept: line.intercept + step * direction.intercept,
  };
}

/** Cross-entropy: Σ w (ln(1 + e^z) - t z), in a form that cannot overflow. */
function lossOf({ logits, targets, weights }: Problem, { slope, intercept }: Line): number {
  let loss = 0;
  for (let row = 0; row < logits.length; row++) {
    const z = slope * logits[row] + intercept;
    loss += weights[row] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[row] * z);
  }
  return loss;
}

interface Hessian {
  readonly slopes: number;
  readonly mixed: number;
  readonly intercepts: number;
}

function derivativesOf(
  { logits, targets, weights }: Problem,
  { slope, intercept }: Line,
): { readonly gradient: Line; readonly hessian: Hessian; readonly scale: number } {
  let bySlope = 0;
  let byIntercept = 0;
  let slopes = RIDGE;
  let mixed = 0;
  let intercepts = RIDGE;
  let scale = 0;
  for (let row = 0; row < logits.length; row++) {
    const logit = logits[row];
    const probability = sigmoid(slope * logit + intercept);
    const error = weights[row] * (probability - targets[row]);
    const curvature = weights[row] * probability * (1 - probability);
    bySlope += error * logit;
    byIntercept += error;
    slopes += curvature * logit * logit;
    mixed += curvature * logit;
    intercepts += curvature;
    scale += weights[row] * Math.max(1, Math.abs(logit));
  }
  return {
    gradient: { slope: bySlope, intercept: byIntercept },
    hessian: { slopes, mixed, intercepts },
    scale,
  };
}

/** The negative gradient, divided by the Hessian. */
function newtonDirection(gradient: Line, { slopes, mixed, intercepts }: Hessian): Line {
  const determinant = slopes * intercepts - mixed * mixed;
  return {
    slope: -(intercepts * gradient.slope - mixed * gradient.intercept) / determinant,
    intercept: -(slopes * gradient.intercept - mixed * gradient.slope) / determinant,
  };
}
