import { createRandom } from '@risk-scoring/contract';
import { denseGroups } from '../dense-groups.ts';
import { drawGroups, tooFewToResample } from '../draw-groups.ts';
import { type Interval, intervalOf } from '../intervals.ts';
import { rankRows } from '../ranking.ts';
import { checkBothClasses } from '../scored-rows.ts';
import { pickCodes, takeRows } from '../take-rows.ts';
import { type CurveRequest, curveOptions } from './curve-request.ts';
import { classTotals, countRuns, createRunCounts, type RunCounts } from './run-counts.ts';

/** Writes the heights of a curve at `curve.length` points that divide 0..1 evenly; both classes have rows. */
export type DrawCurve = (counts: RunCounts, curve: Float64Array) => void;

/** A curve over an even grid, with its bands, one entry per point. */
export interface CurveWithBands {
  readonly grid: readonly number[];
  readonly curve: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/**
 * A curve of all rows, and at each point of the grid the central `level` of the curves of resamples (percentile bootstrap, Efron and Tibshirani 1993,
 * chapter 13). Bands are pointwise: they are about one point at a time, not about the whole curve. Whole split groups are drawn, and a draw without
 * one of the classes is drawn again, as in `bootstrapIntervals`. The rows are sorted once; a resample is one pass over them.
 */
export function curveWithBands(request: CurveRequest, draw: DrawCurve): CurveWithBands {
  const { resamples, level, points } = curveOptions(request);
  const { labels, scores, splitGroups } = takeRows(request);
  checkBothClasses(labels, scores);
  const { groupCodes, groups } = denseGroups(splitGroups);
  if (groups < 2) throw tooFewToResample(groups);

  const ranking = rankRows(labels, scores);
  const grouped = { ranking, groupCodes: pickCodes(groupCodes, ranking.order) };
  const counts = createRunCounts(ranking);
  const multiplicities = new Uint16Array(groups).fill(1);
  countRuns(grouped, multiplicities, counts);
  const curve = new Float64Array(points);
  draw(counts, curve);

  const random = createRandom(request.seed, 'curves');
  const drawn = new Float64Array(points);
  const byPoint = Array.from(curve, () => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; ) {
    drawGroups(multiplicities, random);
    countRuns(grouped, multiplicities, counts);
    const totals = classTotals(counts);
    if (totals.positives === 0 || totals.negatives === 0) continue;
    draw(counts, drawn);
    for (let point = 0; point < points; point++) byPoint[point][resample] = drawn[point];
    resample++;
  }
  const bands = byPoint.map((draws): Interval => intervalOf(draws, level));
  return {
    grid: Array.from(curve, (_, point) => point / (points - 1)),
    curve: [...curve],
    low: bands.map(([low]) => low),
    high: bands.map(([, high]) => high),
  };
}
