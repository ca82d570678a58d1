import type { AdditiveMetrics } from './group-totals.ts';

/** Lower and upper end. */
export type Interval = readonly [number, number];

/** One interval per metric. */
export interface MetricIntervals {
  readonly auc: Interval;
  readonly prAuc: Interval;
  readonly precision: Interval;
  readonly recall: Interval;
  readonly f1: Interval;
  readonly brier: Interval;
  readonly logLoss: Interval;
  /**
   * Of resamples, which add noise of their own to every bin: for a well calibrated scorer on few rows it may lie wholly above
   * the figure.
   */
  readonly ece: Interval;
}

/** The value of every metric in every resample. */
export type Draws = Record<keyof MetricIntervals, Float64Array>;

/** Room for the draws of so many resamples. */
export function createDraws(resamples: number): Draws {
  const empty = () => new Float64Array(resamples);
  return {
    auc: empty(),
    prAuc: empty(),
    precision: empty(),
    recall: empty(),
    f1: empty(),
    brier: empty(),
    logLoss: empty(),
    ece: empty(),
  };
}

/** Writes down one resample. */
export function keepDraw(
  draws: Draws,
  resample: number,
  { additive, auc, averagePrecision }: { additive: AdditiveMetrics; auc: number; averagePrecision: number },
): void {
  draws.auc[resample] = auc;
  draws.prAuc[resample] = averagePrecision;
  draws.precision[resample] = additive.precision;
  draws.recall[resample] = additive.recall;
  draws.f1[resample] = additive.f1;
  draws.brier[resample] = additive.brier;
  draws.logLoss[resample] = additive.logLoss;
  draws.ece[resample] = additive.ece;
}

/** The central `level` of the draws of each metric; sorts the draws in place. */
export function intervalsOf(draws: Draws, level: number): MetricIntervals {
  const interval = (values: Float64Array) => intervalOf(values, level);
  return {
    auc: interval(draws.auc),
    prAuc: interval(draws.prAuc),
    precision: interval(draws.precision),
    recall: interval(draws.recall),
    f1: interval(draws.f1),
    brier: interval(draws.brier),
    logLoss: interval(draws.logLoss),
    ece: interval(draws.ece),
  };
}

/** The central `level` of some draws, which are sorted in place. */
export function intervalOf(draws: Float64Array, level: number): Interval {
  const ascending = draws.sort();
  return [quantile(ascending, (1 - level) / 2), quantile(ascending, (1 + level) / 2)];
}

/**
 * A quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan, The American Statistician 50, 1996.
 *
 * @param ascending at least one value
 * @param share 0..1
 */
export function quantile(ascending: Float64Array, share: number): number {
  const position = share * (ascending.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
}
