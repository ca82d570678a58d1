import {
  type FeatureMatrix,
  type ModelTrainer,
  RiskScoringError,
  throwIfCancelled,
} from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';
import { trainerByName } from '../registry.ts';

/** Reasons that are kept per alert. */
const MOST_REASONS = 5;

/** Rows that are explained in one go: their contributions are numbers of rows × features. */
const CHUNK_ROWS = 5000;

/** A feature that moved an alert's score. */
export interface Reason {
  readonly feature: string;
  /** Null where it is unknown. */
  readonly value: number | null;
  /** What it adds to the raw score: above 0 it speaks for suspicion. */
  readonly contribution: number;
}

/** Why an alert has its score: `base` and all contributions, of which the largest are named, add up to the raw score. */
export interface Explained {
  readonly base: number;
  readonly reasons: readonly Reason[];
}

/** Says why rows have their scores. */
export interface Explainer {
  /** One JSON text per row of the matrix: {@link Explained}. */
  explain(matrix: FeatureMatrix, signal: AbortSignal | undefined): Promise<string[]>;
  dispose(): Promise<void>;
}

/**
 * Opens the native form of a model, whose own contributions (SHAP values of LightGBM) say which features moved a score most.
 *
 * @throws {RiskScoringError} `MODEL_CANNOT_EXPLAIN` for a model whose trainer is not of this product, or that gives no contributions
 */
export async function openExplainer({
  metadata: { model_id, model_trainer, model_type },
  artifacts,
}: Pick<StoredModel, 'metadata' | 'artifacts'>): Promise<Explainer> {
  // An ensemble is made of members that only its own settings name, and explains nothing anyway.
  if (model_trainer === 'ensemble') throw cannotExplain(model_id, model_trainer);
  const model = await loadNative();
  const { explain } = model;
  if (explain === undefined) {
    await model.dispose();
    throw cannotExplain(model_id, model_trainer);
  }
  return {
    async explain(matrix, signal) {
      const explained: string[] = [];
      for (let from = 0; from < matrix.rows; from += CHUNK_ROWS) {
        throwIfCancelled(signal, 'explaining the scores');
        const length = Math.min(CHUNK_ROWS, matrix.rows - from);
        const rows = Int32Array.from({ length }, (_, index) => from + index);
        const { values, features } = await explain.call(model, matrix, { rows });
        for (const [index, row] of rows.entries()) {
          const own = values.subarray(index * (features + 1), (index + 1) * (features + 1));
          explained.push(JSON.stringify(strongest(own, { matrix, row })));
        }
      }
      return explained;
    },
    dispose: () => model.dispose(),
  };

  async function loadNative() {
    let trainer: ModelTrainer;
    try {
      trainer = trainerByName(model_trainer, model_type);
    } catch (cause) {
      throw cannotExplain(model_id, model_trainer, cause);
    }
    return trainer.load(artifacts);
  }
}

function strongest(
  contributions: Float64Array,
  { matrix, row }: { readonly matrix: FeatureMatrix; readonly row: number },
): Explained {
  const features = contributions.length - 1;
  const order = Array.from({ length: features }, (_, feature) => feature).sort(
    (a, b) => Math.abs(contributions[b] ?? 0) - Math.abs(contributions[a] ?? 0) || a - b,
  );
  const reasons = order.slice(0, MOST_REASONS).map((feature) => {
    const value = matrix.values[feature * matrix.rows + row] ?? Number.NaN;
    return {
      feature: matrix.columns[feature]?.name ?? '',
      value: Number.isFinite(value) ? value : null,
      contribution: contributions[feature] ?? 0,
    };
  });
  return { base: contributions[features] ?? 0, reasons };
}

function cannotExplain(modelId: string, trainer: string, cause?: unknown): RiskScoringError {
  return new RiskScoringError({
    code: 'MODEL_CANNOT_EXPLAIN',
    category: 'model',
    summary: `${modelId} cannot say why it gives a score.`,
    expected: 'a model that gives the contributions of its features, as those of the trainer lightgbm do',
    found: `a model of the trainer '${trainer}'`,
    remedy: 'score without --explain, or use a model of the trainer lightgbm',
    ...(cause === undefined ? {} : { cause }),
  });
}
