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
}

/**
 * The models of a network, newest first.
 *
 * @example
 * const [newest] = await listModels(database, { modelType: 'alert_scorer', windowDays: 30 });
 */
export async function listModels(database: Database, filter: ModelFilter = {}): Promise<TrainedModelRow[]> {
  return database.query<TrainedModelRow>({
    sql: `SELECT
    model_id,
    model_type,
    version,
    network,
    toString(training_start_date) AS training_start_date,
    toString(training_end_date) AS training_end_date,
    window_days,
    formatDateTime(created_at, '%F %T', 'UTC') AS created_at,
    model_path,
    toFloat64(num_samples) AS num_samples,
    num_features,
    test_auc,
    cv_auc_mean,
    cv_auc_std,
    metadata_sha256
FROM trained_models
WHERE ({model_id:String} = '' OR model_id = {model_id:String})
    AND ({model_type:String} = '' OR model_type = {model_type:String})
    AND ({window_days:UInt16} = 0 OR window_days = {window_days:UInt16})
ORDER BY trained_models.created_at DESC, model_id DESC`,
    params: {
      model_id: filter.modelId ?? '',
      model_type: filter.modelType ?? '',
      window_days: filter.windowDays ?? 0,
    },
    doing: 'listing the models',
  });
}

/** Makes a model that is whole on disk known to the database. */
export async function insertTrainedModel(database: Database, model: WrittenModel): Promise<void> {
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
