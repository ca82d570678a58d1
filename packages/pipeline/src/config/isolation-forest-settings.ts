import type { ModelTrainer } from '@risk-scoring/contract';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { checkSettings, type SettingsOrigin } from './check-settings.ts';
import { map, whole } from './schema-parts.ts';

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
 * isolationForestTrainerOf({ trees: 200 });
 */
export function isolationForestTrainerOf(
  settings: Readonly<Record<string, unknown>>,
  origin?: SettingsOrigin,
): ModelTrainer {
  const of = "the trainer 'isolation-forest'";
  const about = origin === undefined ? { of } : { of, origin };
  const { trees, sample_size, max_features } = checkSettings(isolationForestSettings, settings, about);
  return createIsolationForestTrainer({
    ...(trees === undefined ? {} : { trees }),
    ...(sample_size === undefined ? {} : { sampleSize: sample_size }),
    ...(max_features === undefined ? {} : { maxFeatures: max_features }),
  });
}
