import type { FeatureMatrix } from '@risk-scoring/contract';
import {
  ALL_GROUPS,
  assertBlindToOwnLabels,
  buildClusterMatrix,
  buildFeatureMatrix,
  type Encodings,
  type FeaturePlan,
  type FeatureProgress,
  type FeatureSnapshot,
  findDependentColumns,
  fitEncodings,
  type LabelVisibility,
  planOf,
  recomputeLabelColumns,
} from '@risk-scoring/features';
import { definedByOf } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import { learningRows } from './fit.ts';
import type { SettledTrainOptions } from './train-options.ts';
import type { TrainingPlan } from './training-plan.ts';
import { snapshotsOfRows } from './training-subject.ts';

/** In how many folds addresses are divided that must not see each other's labels. */
const LABEL_FOLDS = 5;

/** The features of a training. */
export interface TrainingFeatures {
  readonly matrix: FeatureMatrix;
  readonly featurePlan: FeaturePlan;
  /**
   * Computes the columns that come from labels anew, in the same matrix, so that they know nothing of the labels of the given rows' addresses.
   * Undefined where there is no such column.
   */
  readonly hideLabelsOf?: (...parts: readonly Int32Array[]) => Promise<void>;
}

/**
 * Computes the features of a plan. Encodings are fitted on rows outside the holdout; columns from labels see none of the holdout's, and for
 * any address only those of other folds, so that no row of the matrix carries its own label. Groups of others that read labels are tried first.
 *
 * @throws {LeakageError} when such a group uses the label of a row's own address
 */
export async function buildTrainingFeatures(
  database: Database,
  plan: TrainingPlan,
  options: SettledTrainOptions,
): Promise<TrainingFeatures> {
  const { featureGroups, labelStrategy, trainer, period, signal, onProgress } = options;
  const rows = learningRows({ plan, labelStrategy, trainer });
  const encodings = fitEncodings(featureGroups, plan.alerts, rows);
  const snapshots = snapshotsOfRows(plan.rows, period.windowDays);
  const excluded = await columnsToExclude(database, plan, {
    featureGroups,
    encodings,
    labelStrategy,
    snapshots,
    signal,
  });
  if (excluded.length > 0) {
    onProgress?.({
      stage: 'features',
      done: 0,
      total: 1,
      detail: `without ${excluded.length} that depend on what the labels are made of`,
    });
  }
  const featurePlan = planOf(featureGroups, encodings, excluded);
  const common = {
    snapshots,
    plan: featurePlan,
    groups: featureGroups,
    rows: plan.rows,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total, snapshots }: FeatureProgress) =>
      onProgress?.({ stage: 'features', done, total, detail: snapshots }),
  };
  if (plan.modelType === 'cluster_scorer')
    return { matrix: await buildClusterMatrix(database, common), featurePlan };
  const last = snapshots.at(-1);
  if (last) {
    await assertBlindToOwnLabels(database, {
      snapshot: last,
      groups: featureGroups.filter((group) => group.readsLabels && !ALL_GROUPS.includes(group)),
      encodings: featurePlan.encodings,
    });
  }
  const visibility = (...parts: readonly Int32Array[]): LabelVisibility => ({
    hidden: addressesOf(plan, ...parts),
    folds: LABEL_FOLDS,
  });
  const labels = visibility(plan.holdout.test);
  const matrix = await buildFeatureMatrix(database, { ...common, labels });
  if (!featureGroups.some((group) => group.readsLabels)) return { matrix, featurePlan };
  return {
    matrix,
    featurePlan,
    async hideLabelsOf(...parts) {
      const { onProgress: _, ...quietly } = common;
      await recomputeLabelColumns(database, matrix, { ...quietly, labels: visibility(...parts) });
    },
  };
}

/** The columns that depend on what the labels are made of that the model learns from or is judged by. */
async function columnsToExclude(
  database: Database,
  { judging }: TrainingPlan,
  {
    featureGroups,
    encodings,
    labelStrategy,
    snapshots,
    signal,
  }: Pick<SettledTrainOptions, 'featureGroups' | 'labelStrategy'> & {
    readonly encodings: Encodings;
    readonly snapshots: readonly FeatureSnapshot[];
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly string[]> {
  const { definedBy } = definedByOf([labelStrategy, ...(judging ? [judging.strategy] : [])]);
  if (definedBy === undefined) return [];
  return findDependentColumns(database, {
    snapshots,
    plan: planOf(featureGroups, encodings),
    groups: featureGroups,
    definedBy,
    ...(signal ? { signal } : {}),
  });
}

/** The addresses of some rows (or the names of their clusters' groups), each once. */
export function addressesOf({ rows }: Pick<TrainingPlan, 'rows'>, ...parts: readonly Int32Array[]): string[] {
  const groups = new Set<number>();
  for (const part of parts) for (const row of part) groups.add(rows.splitGroups[row] ?? -1);
  return Array.from(groups, (group) => rows.splitGroupNames[group] ?? '');
}
