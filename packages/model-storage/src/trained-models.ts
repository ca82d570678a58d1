import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { WrittenModel } from './save.ts';

/** A row of `trained_models`: what can be listed without reading files. */
export interface TrainedModelRow {
  readonly model_id: string;
  readonly model_type: ModelType;
  readonly version: string;
  readonly network: string;
  readonly training_start_date: string;
  readonly training_end_date: string;
  readonly window_days: number;
  /** `YYYY-MM-DD hh:mm:ss`, UTC. */
  readonly created_at: string;
  /** The metadata file, absolute. */
  readonly model_path: string;
  readonly num_samples: number;
  readonly num_features: number;
  readonly test_auc: number | null;
  readonly cv_auc_mean: number | null;
  readonly cv_auc_std: number | null;
  readonly metadata_sha256: string;
}

/** What to list; everything where nothing is given. */
export interface ModelFilter {
  readonly modelId?: string;
  readonly modelType?: ModelType;
  readonly windowDays?: number;
  readonly version?: string;
  /** At this time or later. */
  readonly createdAfter?: Date;
  /** Before this time. */
  readonly createdBefore?: Date;
  /** At most so many of the newest. */
  readonly limit?: number;
}

/**
 * The models of a network, newest first.
 *
 * @example
 * const [newest] = await listModels(database, { modelType: 'alert_scorer', windowDays: 30 });
 */
export async function listModels(database: Database, filter: ModelFilter = {}): Promise<TrainedModelRow[]> {
  // One row: a model. A registration that was made twice at once is one.
  return database.query<TrainedModelRow>({
    sql: `SELECT
    model_id,
    model_type,
    version,
    network,
    toString(training_start_date) AS training_start_date,
    toString(training_end_date) AS training_end_date,
    window_days,
    formatDateTime(trained_models.created_at, '%F %T', 'UTC') AS created_at,
    model_path,
    toFloat64(num_samples) AS num_samples,
    num_features,
    test_auc,
    cv_auc_mean,
    cv_auc_std,
    metadata_sha256
FROM trained_models
WHERE ({model_id:Nullable(String)} IS NULL OR model_id = {model_id:Nullable(String)})
    AND ({model_type:Nullable(String)} IS NULL OR model_type = {model_type:Nullable(String)})
    AND ({window_days:Nullable(UInt16)} IS NULL OR window_days = {window_days:Nullable(UInt16)})
    AND ({version:Nullable(String)} IS NULL OR version = {version:Nullable(String)})
    AND toUnixTimestamp(trained_models.created_at) >= {created_after:Int64}
    AND toUnixTimestamp(trained_models.created_at) < {created_before:Int64}
ORDER BY trained_models.created_at DESC, model_id DESC, model_path, metadata_sha256
LIMIT 1 BY model_id, model_path, metadata_sha256
LIMIT {rows:UInt32}`,
    params: {
      model_id: filter.modelId ?? null,
      model_type: filter.modelType ?? null,
      window_days: filter.windowDays ?? null,
      version: filter.version ?? null,
      created_after: Math.ceil((filter.createdAfter?.getTime() ?? 0) / 1000),
      created_before: Math.ceil((filter.createdBefore?.getTime() ?? LAST_SECOND * 1000) / 1000),
      rows: filter.limit ?? MOST_ROWS,
    },
    doing: 'listing the models',
  });
}

/** After every DateTime, in seconds. */
const LAST_SECOND = 2 ** 32;
const MOST_ROWS = 2 ** 32 - 1;

/** Makes the database forget a model. */
export async function deleteTrainedModel(database: Database, modelId: string): Promise<void> {
  await database.command({
    sql: `DELETE FROM ${database.mutable('trained_models')} WHERE model_id = {model_id:String}`,
    params: { model_id: modelId },
    doing: `deleting the row of ${modelId}`,
  });
}

/** Makes a model that is whole on disk known to the database. */
export async function insertTrainedModel(
  database: Database,
  model: Pick<WrittenModel, 'metadata' | 'metadataPath' | 'metadataSha256'>,
): Promise<void> {
  const { metadata } = model;
  const { metrics, data_stats: stats, training_period: period } = metadata;
  const row = {
    model_id: metadata.model_id,
    model_type: metadata.model_type,
    version: metadata.version,
    network: metadata.network,
    training_start_date: period.start_date,
    training_end_date: period.end_date,
    window_days: period.window_days,
    created_at: Math.floor(Date.parse(metadata.created_at) / 1000),
    model_path: model.metadataPath,
    metrics_json: JSON.stringify(metrics),
    hyperparameters_json: JSON.stringify(metadata.hyperparameters),
    feature_names: metadata.feature_names,
    num_samples: stats.num_samples,
    num_features: stats.num_features,
    test_auc: storedFigure(metrics.test_auc),
    cv_auc_mean: storedFigure(metrics.cv_auc_mean),
    cv_auc_std: storedFigure(metrics.cv_auc_std),
    metadata_sha256: model.metadataSha256,
  };
  await database.insert('trained_models', [row], `registering ${metadata.model_id}`);
}

/** A figure as the table holds it: NaN where there is none, which comes back as null. */
function storedFigure(figure: number | null): number | string {
  return figure ?? 'nan';
}
