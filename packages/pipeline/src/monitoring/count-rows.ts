import {
  countDistribution,
  effectiveRows,
  populationStability,
  stabilityByChance,
} from '@risk-scoring/evaluation';
import type { Distribution, StoredModel } from '@risk-scoring/model-storage';
import type { FactsOfRow } from '../learned/facts-of-rows.ts';
import type { LearnedFrom } from '../learned/learned-from.ts';
import type { ScoredPart } from '../scoring/score-parts.ts';
import { collectLabelled, type RealisedLabels, rateZ } from './realised.ts';
import type { Reference } from './reference-of.ts';
import type { FeatureDrift, SnapshotDrift, Stability } from './snapshot-drift.ts';

/** Labels that have arrived for a snapshot. */
export interface Arrived {
  readonly labels: ReadonlyMap<string, 0 | 1>;
  readonly strategy: string;
  readonly reason: string | null;
  readonly learned: LearnedFrom;
  readonly factsOf: FactsOfRow;
}

type Counted = Omit<SnapshotDrift, 'processing_date' | 'in_training_period'>;

/** Counts a snapshot's rows, part by part, into the bins of the reference; `drift` says what has come of it. */
export function countRows(reference: Reference, arrived: Arrived | null) {
  const scores = countDistribution(reference.scores.edges);
  const features = reference.features.map((feature) => countDistribution(feature.distribution.edges));
  const labelled = collectLabelled();
  const groupCodes = new Map<string, number>();
  const groupOfRow: number[] = [];
  let sum = 0;
  return {
    add({ matrix, scores: ofPart }: ScoredPart): void {
      scores.add(ofPart);
      for (const [column, counter] of features.entries()) {
        counter.add(matrix.values.subarray(column * matrix.rows, (column + 1) * matrix.rows));
      }
      for (let row = 0; row < matrix.rows; row++) {
        const score = ofPart[row] ?? Number.NaN;
        sum += score;
        const address = matrix.splitGroupNames[matrix.splitGroups[row] ?? -1] ?? '';
        const group = groupCodes.get(address) ?? groupCodes.size;
        groupCodes.set(address, group);
        groupOfRow.push(group);
        const id = matrix.keys.ids[row] ?? '';
        const label = arrived?.labels.get(id);
        if (arrived === null || label === undefined) continue;
        const { learned, factsOf } = arrived;
        const unseen = learned.known && !learned.has(factsOf(matrix, row).addresses);
        labelled.add({ label, score, group, unseen });
      }
    },
    drift({ metadata }: StoredModel): Counted {
      const effective = effectiveRows(groupOfRow);
      const addresses = Math.min(reference.rows, Math.max(1, metadata.data_stats.num_addresses));
      const stability = (
        before: Distribution,
        current: Distribution,
        { rows, inTraining }: { readonly rows: number; readonly inTraining: number | null },
      ): Stability => ({
        psi: populationStability(before, current, { rows: Math.min(effective, rows) }),
        psi_by_chance: stabilityByChance(before, { referenceRows: rows, currentRows: effective }),
        psi_in_training: inTraining,
      });
      const current = scores.distribution();
      return {
        rows: scores.rows,
        effective_rows: effective,
        scores: {
          ...stability(reference.scores, current, {
            rows: Math.min(reference.scoreRows, addresses),
            inTraining: reference.scoresInTraining,
          }),
          mean: sum / scores.rows,
          reference: reference.scores,
          current,
        },
        features: features
          .map((counter, column): FeatureDrift => {
            const feature = reference.features[column] as Reference['features'][number];
            const now = counter.distribution();
            return {
              name: feature.name,
              ...stability(feature.distribution, now, { rows: addresses, inTraining: feature.inTraining }),
              missing: now.missing,
              reference_missing: feature.distribution.missing,
              gain_share: feature.gainShare,
            };
          })
          .sort((a, b) => b.psi - a.psi),
        labels: arrived === null || labelled.rows === 0 ? null : realised(labelled, arrived),
      };
    },
  };

  function realised(
    rows: ReturnType<typeof collectLabelled>,
    { strategy, reason, learned }: Arrived,
  ): RealisedLabels {
    const { all, unseen } = rows.figures(1);
    const rate = all.positives / all.rows;
    const worth = rows.effective();
    const before = reference.positiveRate;
    return {
      strategy,
      strategy_reason: reason,
      labelled: all.rows,
      positives: all.positives,
      positive_rate: rate,
      reference_positive_rate: before,
      // Labelled rows of the training are worth about what those of the snapshot are, each.
      positive_rate_z:
        before === null
          ? null
          : rateZ({ rate, rows: worth }, { rate: before, rows: (reference.labelled * worth) / all.rows }),
      all,
      unseen: learned.known ? unseen : null,
      unseen_reason: learned.known ? null : learned.reason,
    };
  }
}
