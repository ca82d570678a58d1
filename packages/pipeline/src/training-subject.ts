import {
  dayText,
  type FeatureGroup,
  InvalidInputError,
  type LabelSet,
  type LabelStrategy,
  type ModelType,
  readTextColumn,
  type TextColumn,
  type TrainingData,
} from '@risk-scoring/contract';
import {
  type AlertRows,
  CLUSTER_GROUPS,
  connectByClusters,
  DEFAULT_GROUPS,
  type FeatureSnapshot,
  readAlertRows,
  readClusterRows,
} from '@risk-scoring/features';
import { type ClusterLabelOptions, labelClusters } from '@risk-scoring/labels';
import type { TrainOptions } from './train-options.ts';

/** What rows must not be divided by a split: those of an address, or those of addresses that stand in one cluster. */
export const GROUPINGS = ['address', 'cluster'] as const;

/** One of {@link GROUPINGS}. */
export type Grouping = (typeof GROUPINGS)[number];

/** What a model is about: the rows that it learns from and scores. */
export interface TrainingSubject {
  readonly rows: AlertRows;
  /** What must not straddle a split, per row; the addresses (or clusters that share some) of `rows`, unless these are grouped further. */
  readonly splitGroups: Int32Array;
  /** What kind of row each is: an alert's typology, a cluster's type. */
  readonly kinds: TextColumn;
  /** Labels of the rows, from those of the alerts. */
  label(ofAlerts: LabelSet): LabelSet;
}

/** The rows of a model type. */
export function subjectOf(
  modelType: ModelType,
  data: TrainingData,
  { groupBy, clusterLabels }: { readonly groupBy: Grouping; readonly clusterLabels: ClusterLabelOptions },
): TrainingSubject {
  if (modelType === 'cluster_scorer') {
    const rows = readClusterRows(data.clusters);
    return {
      rows,
      splitGroups: rows.splitGroups,
      kinds: readTextColumn(data.clusters, 'cluster_type'),
      label: (ofAlerts) => labelClusters(data.clusters, data.alerts, ofAlerts, clusterLabels),
    };
  }
  const rows = readAlertRows(data.alerts);
  const { splitGroups } = groupBy === 'cluster' ? connectByClusters(rows, data.clusters) : rows;
  const kinds = readTextColumn(data.alerts, 'typology_type');
  return { rows, splitGroups, kinds, label: (ofAlerts) => ofAlerts };
}

/** The groups that a model type takes its features from when nobody chooses. */
export function defaultGroupsOf(modelType: ModelType): readonly FeatureGroup[] {
  return modelType === 'cluster_scorer' ? CLUSTER_GROUPS : DEFAULT_GROUPS;
}

/** Snapshots as the feature matrix asks for them: those that have rows. */
export function snapshotsOfRows(
  { keys: { processingDates } }: Pick<AlertRows, 'keys'>,
  windowDays: number,
): FeatureSnapshot[] {
  const counts = new Map<number, number>();
  for (const date of processingDates) counts.set(date, (counts.get(date) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([date, rows]) => ({ processingDate: dayText(date), windowDays, rows }));
}

/**
 * Refuses options that a model type has no use for.
 *
 * @throws {InvalidInputError} naming the option and what to do
 */
export function assertFitsModelType({
  modelType,
  labelStrategy,
  groupBy,
  clusterLabels,
  calibration = 'auto',
}: Pick<TrainOptions, 'modelType' | 'groupBy' | 'clusterLabels' | 'calibration'> & {
  readonly labelStrategy: LabelStrategy;
}): void {
  if (modelType === 'alert_ranker' && calibration !== 'auto' && calibration !== 'none') {
    throw new InvalidInputError({
      what: 'The calibration of an alert_ranker',
      expected: 'none: its scores order the alerts of a snapshot and are no probabilities',
      found: calibration,
      remedy: 'leave --calibration out',
    });
  }
  if (modelType === 'cluster_scorer') {
    if (labelStrategy.refineLabels !== undefined) {
      throw new InvalidInputError({
        what: `The label strategy '${labelStrategy.name}' for a cluster_scorer`,
        expected:
          'one that labels alerts without the help of models, as clusters are labelled by their members',
        found: 'one that refines its labels',
        remedy: 'write --label-strategy address',
      });
    }
    if (groupBy === 'cluster') {
      throw new InvalidInputError({
        what: 'Grouping by cluster',
        expected: 'a model of alerts; clusters that share an address are on one side of every split anyway',
        found: modelType,
        remedy: 'leave --group-by out',
      });
    }
    return;
  }
  if (clusterLabels?.positiveShare === undefined) return;
  throw new InvalidInputError({
    what: 'The share of suspicious members',
    expected: 'a cluster_scorer',
    found: modelType,
    remedy: 'leave --cluster-positive-share out, or write --model-type cluster_scorer',
  });
}
