import type { ModelMetadata } from '@risk-scoring/model-storage';
import type { RealisedFigures } from './realised.ts';
import type { FeatureDrift, SnapshotDrift, Stability } from './snapshot-drift.ts';
import { LEAST_ADDRESSES, type MonitorThresholds, RATE_Z, TOP_FEATURES } from './thresholds.ts';

/** A threshold that a snapshot crossed. */
export interface Crossing {
  readonly check:
    | 'score_psi'
    | 'drifted_features'
    | 'top_feature'
    | 'missing_values'
    | 'label_drift'
    | 'auc_below_promise'
    | 'min_auc';
  /** Null where it cannot be told. */
  readonly found: number | null;
  readonly threshold: number;
  /** The features it is about, worst first; empty where it is about none. */
  readonly features: readonly string[];
  /** What happened, in a sentence. */
  readonly says: string;
}

/**
 * Which thresholds a snapshot crosses. An index counts only where it is also above what chance explains and above what is usual among the
 * snapshots of the training, a positive rate only where it lies
 * {@link RATE_Z} standard errors off, an AUC only where its whole interval lies below. Features that no tree uses are listed but cannot alarm: they
 * move no score.
 *
 * @example
 * crossedThresholds(drift, { metadata, thresholds }).map(({ says }) => says); // ['scores: PSI 0.31, …']
 */
export function crossedThresholds(
  drift: SnapshotDrift,
  { metadata, thresholds }: { readonly metadata: ModelMetadata; readonly thresholds: MonitorThresholds },
): Crossing[] {
  return [
    ...ofScores(drift, thresholds),
    ...ofFeatures(drift.features, thresholds),
    ...ofMissing(drift, thresholds),
    ...ofLabels(drift, thresholds),
    ...ofAuc(drift, { metadata, thresholds }),
  ];
}

/** Features that drifted, most first: the index is above the threshold, above what chance explains and what was usual in training. */
export function driftedFeatures(
  features: readonly FeatureDrift[],
  { featurePsi }: Pick<MonitorThresholds, 'featurePsi'>,
): FeatureDrift[] {
  return features.filter((feature) => isUsed(feature) && exceeds(feature, featurePsi));
}

function exceeds(stability: Stability, threshold: number): boolean {
  return stability.psi > threshold && isUnusual(stability);
}

/** Neither chance explains it nor do snapshots of the training usually lie as far from their others. */
function isUnusual({ psi, psi_by_chance: byChance, psi_in_training: inTraining }: Stability): boolean {
  return psi > byChance && psi > (inTraining ?? 0);
}

function isUsed({ gain_share: share }: FeatureDrift): boolean {
  return share === null || share > 0;
}

/** The reference is of rows that the model had not learned from, which scores of rows that it had are unlike anyway. */
function ofScores(
  { scores, in_training_period: trainedOn }: SnapshotDrift,
  { scorePsi }: MonitorThresholds,
): Crossing[] {
  if (trainedOn || !exceeds(scores, scorePsi)) return [];
  const says = `scores: PSI ${text(scores.psi)} is above ${scorePsi} (chance: up to ${text(scores.psi_by_chance)}${usual(scores)})`;
  return [{ check: 'score_psi', found: scores.psi, threshold: scorePsi, features: [], says }];
}

function usual({ psi_in_training: inTraining }: Stability): string {
  return inTraining === null ? '' : `; usual among snapshots of the training: up to ${text(inTraining)}`;
}

function ofFeatures(features: readonly FeatureDrift[], thresholds: MonitorThresholds): Crossing[] {
  const { featurePsi, driftedShare } = thresholds;
  const used = features.filter(isUsed);
  const drifted = driftedFeatures(features, thresholds);
  const top = new Set(
    [...used].sort((a, b) => (b.gain_share ?? 0) - (a.gain_share ?? 0)).slice(0, TOP_FEATURES),
  );
  const crossed: Crossing[] = [];
  const share = used.length > 0 ? drifted.length / used.length : 0;
  if (share > driftedShare) {
    crossed.push({
      check: 'drifted_features',
      found: share,
      threshold: driftedShare,
      features: names(drifted),
      says: `features: ${drifted.length} of the ${used.length} in use have a PSI above ${featurePsi}, most of all ${listed(drifted)}`,
    });
  }
  const important = drifted.filter((feature) => feature.gain_share !== null && top.has(feature));
  const [worst] = important;
  if (worst !== undefined) {
    crossed.push({
      check: 'top_feature',
      found: worst.psi,
      threshold: featurePsi,
      features: names(important),
      says: `features: of the ${TOP_FEATURES} that matter most, ${listed(important)} have a PSI above ${featurePsi}`,
    });
  }
  return crossed;
}

function ofMissing(drift: SnapshotDrift, { missingIncrease }: MonitorThresholds): Crossing[] {
  const rises = drift.features
    .filter((feature) => isUsed(feature) && isUnusual(feature))
    .map((feature) => ({ ...feature, rise: feature.missing - feature.reference_missing }))
    .filter(({ rise }) => rise > missingIncrease)
    .sort((a, b) => b.rise - a.rise);
  const [worst] = rises;
  if (worst === undefined) return [];
  return [
    {
      check: 'missing_values',
      found: worst.rise,
      threshold: missingIncrease,
      features: names(rises),
      says: `missing values: ${worst.name} has none in ${percent(worst.missing)} of the rows, ${percent(worst.reference_missing)} in training${rises.length > 1 ? `; ${rises.length - 1} more features like it` : ''}`,
    },
  ];
}

function ofLabels({ labels }: SnapshotDrift, { labelDrift }: MonitorThresholds): Crossing[] {
  if (labels === null) return [];
  const { positive_rate: rate, reference_positive_rate: before, positive_rate_z: z } = labels;
  if (before === null || z === null || Math.abs(z) < RATE_Z) return [];
  const found = Math.abs(rate - before);
  if (found <= labelDrift) return [];
  const says = `labels: ${percent(rate)} of ${labels.labelled} labelled rows are positive, ${percent(before)} in training (z ${z.toFixed(1)})`;
  return [{ check: 'label_drift', found, threshold: labelDrift, features: [], says }];
}

/**
 * The figure that is held against the promise is of the same kind: of rows that the model had not learned from where its holdout had no address that it
 * had learned from, of all rows otherwise. The least AUC that is asked for is always of rows that it had not learned from.
 */
function ofAuc(
  { labels }: SnapshotDrift,
  {
    metadata,
    thresholds: { minAuc },
  }: { readonly metadata: ModelMetadata; readonly thresholds: MonitorThresholds },
): Crossing[] {
  if (labels === null) return [];
  const crossed: Crossing[] = [];
  const shared = metadata.leakage_check.groups_on_both_sides?.share ?? 0;
  // Where nobody can tell, all rows: they flatter the model, so what lies below the promise on them does so on the others.
  const [figures, of] =
    shared > 0 || labels.unseen === null
      ? [labels.all, 'all labelled rows']
      : [labels.unseen, 'addresses that it had not learned from'];
  const promised = metadata.metrics.test_intervals.auc?.[0];
  const shown = highest(figures);
  if (promised !== undefined && shown !== null && shown.high < promised) {
    crossed.push({
      check: 'auc_below_promise',
      found: shown.auc,
      threshold: promised,
      features: [],
      says: `AUC: ${text(shown.auc)} (up to ${text(shown.high)}) on ${of}, below the ${text(promised)} and more of its holdout`,
    });
  }
  if (minAuc === null) return crossed;
  if (labels.unseen === null) {
    crossed.push({
      check: 'min_auc',
      found: null,
      threshold: minAuc,
      features: [],
      says: `AUC: whether it is ${minAuc} on addresses that the model had not learned from cannot be told, as ${labels.unseen_reason}`,
    });
    return crossed;
  }
  const unseen = highest(labels.unseen);
  if (unseen !== null && unseen.auc < minAuc) {
    crossed.push({
      check: 'min_auc',
      found: unseen.auc,
      threshold: minAuc,
      features: [],
      says: `AUC: ${text(unseen.auc)} on addresses that it had not learned from is below ${minAuc}`,
    });
  }
  return crossed;
}

/** The AUC and the upper end of its interval, where there are addresses enough to believe them. */
function highest({ groups, auc, auc_interval: interval }: RealisedFigures) {
  if (auc === null || interval === null || groups < LEAST_ADDRESSES) return null;
  return { auc, high: interval[1] };
}

function names(features: readonly FeatureDrift[]): string[] {
  return features.map(({ name }) => name);
}

function listed(features: readonly FeatureDrift[]): string {
  const shown = features
    .slice(0, 3)
    .map(({ name, psi, psi_in_training: usually }) =>
      usually === null ? `${name} (${text(psi)})` : `${name} (${text(psi)}, usual up to ${text(usually)})`,
    );
  return features.length > 3 ? `${shown.join(', ')} and ${features.length - 3} more` : shown.join(', ');
}

function text(value: number): string {
  return value.toFixed(2);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
