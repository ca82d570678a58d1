import { type Config, configKeys, readConfig } from '@risk-scoring/pipeline';
import { Option } from 'commander';

/**
 * The configuration of a command: of the file that `--config` names, or of the working folder.
 *
 * @throws {ConfigError} what `readConfig` throws
 */
export function configOf({ config }: { readonly config?: string }): Promise<Config> {
  return readConfig({ folder: process.cwd(), file: config });
}

/**
 * An option that a key of the configuration decides where it is not given. So it has no default of its own, and the help shows the
 * key's.
 *
 * @example
 * configured('--seed <number>', 'seed of everything random', 'training.seed').argParser(wholeNumber(0));
 */
export function configured(flags: string, description: string, key: string): Option {
  const { fallback } = configKeys().find((each) => each.key === key) ?? {};
  return new Option(flags, `${description} (default: ${fallback ?? 'none'}; configuration: ${key})`);
}
