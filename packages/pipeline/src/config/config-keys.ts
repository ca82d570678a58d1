import { DEFAULT_DATA_DIR } from '@risk-scoring/storage';
import { configSchema } from './schema.ts';
import { leafPaths } from './schema-keys.ts';
import { DEFAULT_OUTPUT_DIR } from './training-schema.ts';

/** A key of the configuration. */
export interface ConfigKey {
  /** `training.seed` */
  readonly key: string;
  /** What holds where neither flag, environment nor file says anything; undefined: nothing does. */
  readonly fallback: unknown;
}

/** Defaults that are of the working folder, and so not relative to a file. */
const OF_WORKING_FOLDER: Readonly<Record<string, string>> = {
  'training.output_dir': DEFAULT_OUTPUT_DIR,
  'storage.data_dir': DEFAULT_DATA_DIR,
};

/**
 * Every key of the configuration with its default, in the order of the sections.
 *
 * @example
 * configKeys().find(({ key }) => key === 'training.seed')?.fallback; // 42
 */
export function configKeys(): ConfigKey[] {
  const defaults: unknown = configSchema.parse({});
  return leafPaths(configSchema).map((path) => {
    const key = path.join('.');
    const value = path.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], defaults);
    return { key, fallback: value ?? OF_WORKING_FOLDER[key] };
  });
}
