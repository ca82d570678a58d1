import { type ModelType, RiskScoringError } from '@risk-scoring/contract';
import { loadModel, type ModelMetadata, type StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';

/** Which model is to score. */
export interface ModelToScore {
  readonly windowDays: number;
  /** A model id, an alias, a metadata file or `latest` (default). */
  readonly model?: string | undefined;
  /** The type that the model must be of. `latest` means an alert_scorer where nobody says so. */
  readonly modelType?: ModelType | undefined;
}

/**
 * Loads the model that is meant, if it fits.
 *
 * @throws {ModelNotFoundError | ModelFileError} when it is not there or not as it was saved
 * @throws {RiskScoringError} `MODEL_DOES_NOT_FIT` for a model of another network, window or type
 */
export async function loadModelToScore(
  database: Database,
  { model = 'latest', modelType, windowDays }: ModelToScore,
): Promise<StoredModel> {
  const type = modelType ?? (model === 'latest' ? 'alert_scorer' : undefined);
  const stored = await loadModel(database, { model, windowDays, ...(type ? { modelType: type } : {}) });
  assertModelFits(stored, { network: database.network, windowDays, modelType: type });
  return stored;
}

/** Whether a snapshot is of the period that a model learned from. */
export function isInTraining(
  { training_period: { start_date: start, end_date: end } }: ModelMetadata,
  date: string,
): boolean {
  return date >= start && date <= end;
}

/**
 * Checks that a model is of the network, the window and, where one is wanted, the type that it is to be used for.
 *
 * @throws {RiskScoringError} `MODEL_DOES_NOT_FIT`
 */
function assertModelFits(
  { metadata }: Pick<StoredModel, 'metadata'>,
  wanted: {
    readonly network: string;
    readonly windowDays: number;
    readonly modelType?: ModelType | undefined;
  },
): void {
  const { model_type: type, network, training_period: period } = metadata;
  const modelType = wanted.modelType ?? type;
  if (type === modelType && network === wanted.network && period.window_days === wanted.windowDays) return;
  throw new RiskScoringError({
    code: 'MODEL_DOES_NOT_FIT',
    category: 'input',
    summary: `${metadata.model_id} cannot score these snapshots.`,
    expected: `${describe(modelType)} of ${wanted.network} for window_days = ${wanted.windowDays}`,
    found: `${describe(type)} of ${network} for window_days = ${period.window_days}`,
    // Of the network that was asked for, which is open: a model from elsewhere may name anything.
    remedy: `choose a model with: npx risk-scoring models list --network ${wanted.network} --model-type ${modelType} --window-days ${wanted.windowDays}`,
  });
}

function describe(modelType: ModelType): string {
  return `${/^[aeiou]/.test(modelType) ? 'an' : 'a'} ${modelType}`;
}
