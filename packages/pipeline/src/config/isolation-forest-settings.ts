import type { ModelTrainer } from '@risk-scoring/contract';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import type { TrainerRequest } from '../registry.ts';
import { map, whole } from './schema-parts.ts';
import { checkTrainerSettings, withoutUndefined } from './trainer-settings.ts';

const isolationForestSettings = map({
  trees: whole({ least: 1, most: 100_000 }).optional(),
  sample_size: whole({ least: 2, most: 2 ** 24 }).optional(),
  max_features: whole({ least: 1, most: 1_000_000 }).optional(),
});

/**
 * An isolation forest of settings as YAML has them: `trees`, `sample_size`, `max_features`.
 *
 * @throws {InvalidSettingsError} for values that cannot be meant
 * @example
 * isolationForestTrainerOf({ modelType: 'alert_scorer', settings: { trees: 200 } });
 */
export function isolationForestTrainerOf(request: TrainerRequest): ModelTrainer {
  const { trees, sample_size, max_features } = checkTrainerSettings(
    isolationForestSettings,
    'isolation-forest',
    request,
  );
  return createIsolationForestTrainer(
    withoutUndefined({ trees, sampleSize: sample_size, maxFeatures: max_features }),
  );
}
