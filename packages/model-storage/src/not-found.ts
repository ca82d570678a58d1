import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { ModelNotFoundError } from './errors.ts';
import { listModels } from './trained-models.ts';

/** The error for a model that is not there, with the latest of those that are, of a type where one was meant. */
export async function notFound(
  database: Database,
  wanted: string,
  filter: { readonly modelType?: ModelType } = {},
): Promise<ModelNotFoundError> {
  const known = await listModels(database, { ...filter, limit: 5 });
  return new ModelNotFoundError({
    wanted,
    network: database.network,
    where: database.name,
    available: known.map((model) => model.model_id),
  });
}
