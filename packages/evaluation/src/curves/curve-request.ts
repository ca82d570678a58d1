import { InvalidInputError } from '@risk-scoring/contract';
import type { Scores } from '../scored-rows.ts';

/** The rows to draw a curve of, how finely, and how to resample them. */
export interface CurveRequest {
  /** 0 or 1 per row of the data set. */
  readonly labels: Int8Array;
  /** Any finite numbers, higher meaning more suspicious; `scores[i]` is about `rows[i]`. */
  readonly scores: Scores;
  /** The rows that were scored, as indices into labels and split groups; all of them when absent. */
  readonly rows?: Int32Array | undefined;
  /** What the bands draw as a whole (the address), per row of the data set. */
  readonly splitGroups: Int32Array;
  readonly seed: number;
  /** 200 when absent. */
  readonly resamples?: number | undefined;
  /** Coverage of the bands at each point; 0.95 when absent. */
  readonly level?: number | undefined;
  /** Points of the grid, both ends of 0..1 included; 101 when absent. */
  readonly points?: number | undefined;
}

/** How a curve is to be drawn. */
export interface CurveOptions {
  readonly resamples: number;
  readonly level: number;
  readonly points: number;
}

const MOST_POINTS = 10_001;

/**
 * What a request says of the drawing, with the defaults.
 *
 * @throws {InvalidInputError} on resamples, a level or a number of points that cannot be meant
 */
export function curveOptions({ resamples = 200, level = 0.95, points = 101 }: CurveRequest): CurveOptions {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new InvalidInputError({
      what: 'The number of resamples',
      expected: 'a whole number of at least 1',
      found: resamples,
    });
  }
  if (!(level > 0 && level < 1)) {
    throw new InvalidInputError({
      what: 'The level of the bands',
      expected: 'a number between 0 and 1, such as 0.95',
      found: level,
    });
  }
  if (!Number.isInteger(points) || points < 2 || points > MOST_POINTS) {
    throw new InvalidInputError({
      what: 'The number of points of a curve',
      expected: `a whole number from 2 to ${MOST_POINTS}`,
      found: points,
    });
  }
  return { resamples, level, points };
}
