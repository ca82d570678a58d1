import { evaluateBinaryOrNull } from '../evaluate-binary-or-null.ts';
import type { Interval } from '../intervals.ts';
import { rocAuc } from '../ranking-metrics.ts';
import { precisionAt } from '../ranking-quality/at-k.ts';
import { takeLabelled } from './take-labelled.ts';

/** At which ranks precision is told. */
export const PRECISION_RANKS = [10, 50, 100] as const;

/** What the validator's figures leave out, over the alerts whose class is known. Null where a figure is not defined. */
export interface CorrectedFigures {
  readonly alerts: number;
  readonly addresses: number;
  readonly positives: number;
  /** Over alerts, as the validator takes it. */
  readonly auc: number | null;
  /** 95 %, by resampling addresses. */
  readonly auc_interval: Interval | null;
  /** The same with each address counting once, however many alerts it has. */
  readonly auc_by_address: number | null;
  readonly pr_auc: number | null;
  readonly pr_auc_interval: Interval | null;
  /** The share of positives: what PR-AUC and precision are by chance. */
  readonly positive_share: number | null;
  /** Share of positives among the highest scores, by how many are looked at; null where there are fewer alerts. */
  readonly precision_at: Readonly<Record<string, number | null>>;
  readonly brier: number | null;
  /** Expected calibration error over 15 bins. */
  readonly ece: number | null;
}

/**
 * Figures that say how good a submission is, beside what it is paid for. A class belongs to an address and all its alerts share it: over alerts an
 * address with thirty counts thirty times, and an interval that draws alerts one by one would be far too narrow.
 *
 * @param request.labels 1, 0, or −1 where nothing is known
 * @param request.addresses one code ≥ 0 per row
 * @example
 * correctedFigures({ scores, labels, addresses, seed: 42 }).pr_auc;
 */
export function correctedFigures({
  scores,
  labels,
  addresses,
  seed,
  resamples = 1000,
}: {
  readonly scores: Float64Array;
  readonly labels: Int8Array;
  readonly addresses: Int32Array;
  readonly seed: number;
  readonly resamples?: number;
}): CorrectedFigures {
  const known = takeLabelled(scores, labels);
  if (known.rows.length === 0) return noFigures();
  const splitGroups = Int32Array.from(known.rows, (row) => addresses[row]);
  const metrics = evaluateBinaryOrNull({
    labels: known.labels,
    scores: known.scores,
    splitGroups,
    seed,
    resamples,
  });
  const { rows, groups, positives, auc, prAuc, brier, ece, intervals } = metrics;
  return {
    alerts: rows,
    addresses: groups,
    positives,
    auc,
    auc_interval: intervals?.auc ?? null,
    auc_by_address: auc === null ? null : rocAuc(known.labels, known.scores, shares(splitGroups)),
    pr_auc: prAuc,
    pr_auc_interval: intervals?.prAuc ?? null,
    positive_share: positives / rows,
    precision_at: Object.fromEntries(
      PRECISION_RANKS.map((k) => [k, rows < k ? null : precisionAt(known.labels, known.scores, k)]),
    ),
    brier,
    ece,
  };
}

/** One over the rows of each row's group. */
function shares(groups: Int32Array): Float64Array {
  const counts = new Map<number, number>();
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  return Float64Array.from(groups, (group) => 1 / (counts.get(group) ?? 1));
}

function noFigures(): CorrectedFigures {
  return {
    alerts: 0,
    addresses: 0,
    positives: 0,
    auc: null,
    auc_interval: null,
    auc_by_address: null,
    pr_auc: null,
    pr_auc_interval: null,
    positive_share: null,
    precision_at: Object.fromEntries(PRECISION_RANKS.map((k) => [k, null])),
    brier: null,
    ece: null,
  };
}
