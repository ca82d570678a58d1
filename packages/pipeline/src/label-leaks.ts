import type { FeatureGroup } from '@risk-scoring/contract';
import { type FeatureSnapshot, findDependentColumns, planOf } from '@risk-scoring/features';
import type { Database } from '@risk-scoring/storage';
import type { TrainingFeatures } from './training-features.ts';

/** Columns that know more of labels than they may. */
export interface LabelLeaks {
  /** Columns made of labels by groups that do not say that they read them. */
  readonly undeclared: readonly string[];
  /** Columns that change with labels published after their row's date. */
  readonly later: readonly string[];
}

/** What labels are made of in the published tables. */
const LABEL_COLUMNS = { addressLabels: ['risk_level', 'confidence_score'] } as const;

/**
 * Looks for labels in the columns of a training: computes groups anew with every label altered, and label-reading groups on the first snapshot with
 * every later label altered. Groups that cannot see a label cost nothing.
 */
export async function findLabelLeaks(
  database: Database,
  {
    featurePlan,
    featureGroups,
    snapshots,
    signal,
  }: {
    readonly featurePlan: TrainingFeatures['featurePlan'];
    readonly featureGroups: readonly FeatureGroup[];
    readonly snapshots: readonly FeatureSnapshot[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<LabelLeaks> {
  const look = async (
    groups: readonly FeatureGroup[],
    where: { readonly snapshots: readonly FeatureSnapshot[]; readonly after?: string },
  ) => {
    if (groups.length === 0) return [];
    const found = await findDependentColumns(database, {
      ...where,
      plan: planOf(groups, featurePlan.encodings),
      groups,
      definedBy: LABEL_COLUMNS,
      ...(signal ? { signal } : {}),
    });
    return found.filter((name) => featurePlan.excluded?.includes(name) !== true);
  };
  const [first] = snapshots;
  const reading = featureGroups.filter(({ readsLabels }) => readsLabels === true);
  const others = featureGroups.filter(({ readsLabels }) => readsLabels !== true);
  return {
    undeclared: await look(others, { snapshots }),
    later: first ? await look(reading, { snapshots: [first], after: first.processingDate }) : [],
  };
}
