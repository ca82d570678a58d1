/**
 * The threshold that divides two neighbouring scores: their middle, or the upper one where no number lies between them.
 * A score is flagged when it is at least the threshold.
 */
export function between(lower: number, upper: number): number {
  const middle = lower + (upper - lower) / 2;
  return middle > lower ? middle : upper;
}

/** A threshold within 0..1 that flags none of the scores; undefined where one of them is 1. */
export function above(highest: number): number | undefined {
  return highest < 1 ? between(highest, 1) : undefined;
}
