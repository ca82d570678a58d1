import type { ModelType } from '@risk-scoring/contract';
import { loadModel, type ModelMetadata, type StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { ModelDoesNotFitError } from './errors.ts';

/** Which model is meant, and what it must be. */
export interface SelectedModel {
  /** A model id, an alias, a metadata file or `latest`. */
  readonly model: string;
  /** Of which type the model is: looked for where it is `latest` or an alias, demanded of any other. */
  readonly modelType?: ModelType | undefined;
  /** Of which window it is. */
  readonly windowDays?: number | undefined;
}

/**
 * Loads the model that is meant, if it is of the type and the window that were asked for.
 *
 * @throws {ModelNotFoundError | ModelFileError} when it is not there or not as it was saved
 * @throws {ModelDoesNotFitError} for a model of another type or window
 */
export async function loadSelected(database: Database, selected: SelectedModel): Promise<StoredModel> {
  const { model, modelType, windowDays } = selected;
  const stored = await loadModel(database, {
    model,
    ...(modelType ? { modelType } : {}),
    ...(windowDays ? { windowDays } : {}),
  });
  assertAsked(stored.metadata, database.network, selected);
  return stored;
}

/**
 * Checks that a model is of the type and the window that were asked for, where they were.
 *
 * @throws {ModelDoesNotFitError} otherwise
 */
export function assertAsked(
  metadata: ModelMetadata,
  network: string,
  { modelType, windowDays }: Pick<SelectedModel, 'modelType' | 'windowDays'>,
): void {
  const { model_type: type, training_period: period } = metadata;
  const fits =
    (modelType === undefined || modelType === type) &&
    (windowDays === undefined || windowDays === period.window_days);
  if (!fits) throw new ModelDoesNotFitError(metadata, { network, modelType, windowDays });
}
