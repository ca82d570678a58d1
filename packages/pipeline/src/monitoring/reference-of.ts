import type { Distribution, ModelEvaluation, StoredModel } from '@risk-scoring/model-storage';
import { ModelHasNoReferenceError } from './errors.ts';

/** What a model's later snapshots are compared with. */
export interface Reference {
  readonly rows: number;
  /** In the order of the model's features. */
  readonly features: readonly FeatureReference[];
  readonly scores: Distribution;
  readonly scoreRows: number;
  /** See `psi_in_training` of a stability; null where too few snapshots can tell, and for models of earlier versions. */
  readonly scoresInTraining: number | null;
  /** Of all labelled rows of the training period; null where none was labelled. */
  readonly positiveRate: number | null;
  readonly labelled: number;
}

/** One feature as it was in training. */
export interface FeatureReference {
  readonly name: string;
  readonly distribution: Distribution;
  /** See `psi_in_training` of a stability. */
  readonly inTraining: number | null;
  /** Its part of the model's total gain, 0..1; null where the model does not say what it uses. */
  readonly gainShare: number | null;
}

/**
 * Reads what a model says of its training data.
 *
 * @throws {ModelHasNoReferenceError} where it was saved without, or a feature is missing
 */
export function referenceOf({
  metadata,
  evaluation,
}: Pick<StoredModel, 'metadata' | 'evaluation'>): Reference {
  const modelId = metadata.model_id;
  if (evaluation === null) {
    throw new ModelHasNoReferenceError({ modelId, found: 'none: it was saved by an earlier version' });
  }
  const { reference } = evaluation;
  const gain = Object.values(metadata.feature_importances).reduce((sum, each) => sum + Math.max(0, each), 0);
  const features = metadata.feature_names.map((name) => {
    const distribution = ownValue(reference.features, name);
    if (distribution === undefined) {
      throw new ModelHasNoReferenceError({ modelId, found: `no distribution of the feature ${name}` });
    }
    const own = metadata.feature_importances[name] ?? 0;
    const between = ownValue(reference.psi_between_snapshots?.features ?? {}, name);
    return {
      name,
      distribution,
      inTraining: usual(between),
      gainShare: gain > 0 ? Math.max(0, own) / gain : null,
    };
  });
  return {
    rows: reference.rows,
    features,
    scores: reference.scores,
    scoreRows: reference.score_rows,
    scoresInTraining: usual(reference.psi_between_snapshots?.scores),
    ...positivesOf(reference.snapshots),
  };
}

/** Of fewer snapshots nobody can say what is usual. */
const FEWEST_SNAPSHOTS = 5;

/** The share of them that counts as usual: one that went wrong, or the first, which has no past, shall not hide what goes wrong later. */
const USUAL_SHARE = 0.8;

/** What most snapshots stay within: the quantile by nearest rank. */
function usual(indices: readonly (number | null)[] = []): number | null {
  const known = indices.filter((psi) => psi !== null).sort((a, b) => a - b);
  if (known.length < FEWEST_SNAPSHOTS) return null;
  return known[Math.ceil(USUAL_SHARE * known.length) - 1] ?? null;
}

/** Names come from a file: `__proto__` is one like any other. */
function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function positivesOf(
  snapshots: ModelEvaluation['reference']['snapshots'],
): Pick<Reference, 'positiveRate' | 'labelled'> {
  let labelled = 0;
  let positives = 0;
  for (const snapshot of snapshots) {
    labelled += snapshot.labelled;
    positives += snapshot.positives;
  }
  return { labelled, positiveRate: labelled > 0 ? positives / labelled : null };
}
