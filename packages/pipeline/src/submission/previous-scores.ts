import { addressKey } from '@risk-scoring/contract';
import { scoreStability } from '@risk-scoring/evaluation';
import type { SnapshotAlerts } from './snapshot-truth.ts';
import type { SubmissionFile } from './submission-rows.ts';

/** The scores of the previous date, beside those of now. */
export interface PreviousScores {
  /** One per alert of the snapshot, NaN where it had none: matched by alert id, as the subnet's validator does. */
  readonly byAlert: Float64Array;
  /** Alerts that both have. */
  readonly shared: number;
  /** The stability of each address's mean score instead; null where the file names no addresses, or fewer than two are in both. */
  readonly stabilityByAddress: number | null;
}

/**
 * Lays the scores of the previous date beside those of now.
 *
 * @param scores one per alert of the snapshot, NaN where it has none
 */
export function previousScores(
  alerts: SnapshotAlerts,
  scores: Float64Array,
  previous: SubmissionFile,
): PreviousScores {
  // The first row of an alert counts, as in the submission itself.
  const rowOf = new Map(previous.alertIds.map((id, row) => [id, row] as const).reverse());
  const byAlert = Float64Array.from(alerts.ids, (id) => probability(previous.scores[rowOf.get(id) ?? -1]));
  const now = new Means(alerts.codes.size);
  scores.forEach((score, row) => {
    now.add(alerts.addresses[row] ?? -1, score);
  });
  const before = new Means(alerts.codes.size);
  previous.addresses.forEach((address, row) => {
    const code = address === '' ? undefined : alerts.codes.get(addressKey(address));
    before.add(code ?? -1, probability(previous.scores[row]));
  });
  const [means, meansBefore] = [now.values(), before.values()];
  const both = means.reduce(
    (count, mean, code) => count + (Number.isNaN(mean - (meansBefore[code] ?? Number.NaN)) ? 0 : 1),
    0,
  );
  return {
    byAlert,
    shared: byAlert.reduce(
      (count, score, row) => count + (Number.isNaN(score - (scores[row] ?? Number.NaN)) ? 0 : 1),
      0,
    ),
    stabilityByAddress: both < 2 ? null : scoreStability(means, meansBefore),
  };
}

function probability(score: number | undefined): number {
  return score !== undefined && score >= 0 && score <= 1 ? score : Number.NaN;
}

/** Means of groups; NaN for those without a value. */
class Means {
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor(groups: number) {
    this.#sums = new Float64Array(groups);
    this.#counts = new Uint32Array(groups);
  }

  add(group: number, value: number): void {
    if (group < 0 || Number.isNaN(value)) return;
    this.#sums[group] = (this.#sums[group] ?? 0) + value;
    this.#counts[group] = (this.#counts[group] ?? 0) + 1;
  }

  values(): Float64Array {
    return this.#sums.map((sum, group) =>
      this.#counts[group] === 0 ? Number.NaN : sum / (this.#counts[group] ?? 1),
    );
  }
}
