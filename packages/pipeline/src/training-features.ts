import type { FeatureMatrix, Split } from '@risk-scoring/contract';
import {
  ALL_GROUPS,
  assertBlindToOwnLabels,
  buildFeatureMatrix,
  type Encodings,
  type FeaturePlan,
  findDependentColumns,
  fitEncodings,
  type LabelVisibility,
  planOf,
  recomputeLabelColumns,
} from '@risk-scoring/features';
import { definedByOf } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import { featureSnapshot } from './feature-snapshot.ts';
import { learningRows } from './fit.ts';
import type { SettledTrainOptions } from './train-options.ts';
import type { TrainingPlan } from './training-plan.ts';

/** In how many folds addresses are divided that must not see each other's labels. */
const LABEL_FOLDS = 5;

/** The features of a training. */
export interface TrainingFeatures {
  readonly matrix: FeatureMatrix;
  readonly featurePlan: FeaturePlan;
  /**
   * Computes the columns that come from labels anew, in the same matrix, so that they know nothing of the labels of the holdout and of some
   * further rows' addresses. Undefined where there is no such column.
   */
  readonly hideLabelsOf?: (rows: Int32Array) => Promise<void>;
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
  { featureGroups, labelStrategy, trainer, signal, onProgress }: SettledTrainOptions,
): Promise<TrainingFeatures> {
  const rows = learningRows({ plan, labelStrategy, trainer });
  const encodings = fitEncodings(featureGroups, plan.alerts, rows);
  const excluded = await columnsToExclude(database, plan, {
    featureGroups,
    encodings,
    labelStrategy,
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
  const last = plan.snapshots.at(-1);
  if (last) {
    await assertBlindToOwnLabels(database, {
      snapshot: featureSnapshot(last),
      groups: featureGroups.filter((group) => group.readsLabels && !ALL_GROUPS.includes(group)),
      encodings: featurePlan.encodings,
    });
  }
  const visibility = (rows: Int32Array): LabelVisibility => ({
    hidden: addressesOf(plan, plan.holdout.test, rows),
    folds: LABEL_FOLDS,
  });
  const common = {
    snapshots: plan.snapshots.map(featureSnapshot),
    plan: featurePlan,
    groups: featureGroups,
    ...(signal ? { signal } : {}),
  };
  const matrix = await buildFeatureMatrix(database, {
    ...common,
    rows: plan.rows,
    labels: visibility(new Int32Array()),
    onProgress: ({ done, total, snapshots }) =>
      onProgress?.({ stage: 'features', done, total, detail: snapshots }),
  });
  if (!featureGroups.some((group) => group.readsLabels)) return { matrix, featurePlan };
  return {
    matrix,
    featurePlan,
    async hideLabelsOf(rows) {
      await recomputeLabelColumns(database, matrix, { ...common, labels: visibility(rows) });
    },
  };
}

/** The columns that depend on what the labels are made of that the model learns from or is judged by. */
async function columnsToExclude(
  database: Database,
  { snapshots, judging }: TrainingPlan,
  {
    featureGroups,
    encodings,
    labelStrategy,
    signal,
  }: Pick<SettledTrainOptions, 'featureGroups' | 'labelStrategy'> & {
    readonly encodings: Encodings;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly string[]> {
  const { definedBy } = definedByOf([labelStrategy, ...(judging ? [judging.strategy] : [])]);
  if (definedBy === undefined) return [];
  return findDependentColumns(database, {
    snapshots: snapshots.map(featureSnapshot),
    plan: planOf(featureGroups, encodings),
    groups: featureGroups,
    definedBy,
    ...(signal ? { signal } : {}),
  });
}

/** The addresses of some rows, each once. */
export function addressesOf(
  { rows }: Pick<TrainingPlan, 'rows'>,
  ...parts: readonly Split['test'][]
): string[] {
  const groups = new Set<number>();
  for (const part of parts) for (const row of part) groups.add(rows.splitGroups[row] ?? -1);
  return Array.from(groups, (group) => rows.splitGroupNames[group] ?? '');
}
