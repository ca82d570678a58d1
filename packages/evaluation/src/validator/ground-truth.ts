import { brierScore } from '../probability-metrics.ts';
import { rocAuc } from '../ranking-metrics.ts';
import { takeLabelled } from './take-labelled.ts';

/** How a submission fares against what is known of addresses. */
export interface GroundTruth {
  /** Alerts with a class. */
  readonly alerts: number;
  /** Of them, those of class 1. */
  readonly positives: number;
  /** Share of the submitted alerts that have a class. */
  readonly coverage: number;
  /** What counts. Null unless both classes are there. */
  readonly auc: number | null;
  /** Reported only. Null where no alert has a class. */
  readonly brier: number | null;
}

/**
 * The ground-truth part: the AUC over the alerts whose address has a known class. 1 is a risk level of high or critical, 0 low or medium.
 *
 * @param scores of the submitted alerts, 0 to 1
 * @param labels 1, 0, or −1 where nothing is known
 * @example
 * judgeGroundTruth(Float64Array.of(0.9, 0.2, 0.5), Int8Array.of(1, 0, -1)); // { auc: 1, coverage: 0.666…, … }
 */
export function judgeGroundTruth(scores: Float64Array, labels: Int8Array): GroundTruth {
  const known = takeLabelled(scores, labels);
  const alerts = known.labels.length;
  const positives = known.labels.reduce((sum: number, label) => sum + label, 0);
  return {
    alerts,
    positives,
    coverage: scores.length === 0 ? 0 : alerts / scores.length,
    auc: positives > 0 && positives < alerts ? rocAuc(known.labels, known.scores) : null,
    brier: alerts === 0 ? null : brierScore(known.labels, known.scores),
  };
}
