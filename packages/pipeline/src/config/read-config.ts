import path from 'node:path';
import { ConfigError } from './config-error.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { parseText } from './parse-text.ts';
import { describeProblems } from './problems.ts';
import { configSchema, type ParsedConfig } from './schema.ts';

/** Which features a model is made of. */
export interface FeatureSettings {
  /** Names of groups, packages and files; `...` stands for the default groups. */
  readonly groups: readonly string[];
  /** Keys of evidence_json whose numbers become columns of the group `alert`. */
  readonly evidenceKeys: readonly string[];
  /** Networks that the group `cross-network` looks at. */
  readonly otherNetworks: readonly string[];
}

/** A configuration with every default filled in. */
export interface Config {
  /** Absolute; undefined when there is no file, and all is by default. */
  readonly file: string | undefined;
  /** What relative paths in it start from: the folder of the file, or the working folder. Absolute. */
  readonly folder: string;
  readonly features: FeatureSettings;
}

/**
 * Reads the configuration: of a file, or of `risk-scoring.config.yaml` (`.yml`, `.json`) in a folder. Without one, all is by default.
 *
 * @param where.folder the working folder
 * @param where.file relative to it; must be there
 * @throws {ConfigError} naming all that is wrong, each with its path, line and column
 * @example
 * const config = await readConfig({ folder: process.cwd() });
 * config.features.groups; // ['...']
 */
export async function readConfig(where: {
  readonly folder: string;
  readonly file?: string | undefined;
}): Promise<Config> {
  const folder = path.resolve(where.folder);
  const file = await readConfigFile(folder, where.file);
  if (file === undefined) return toConfig(configSchema.parse({}), { file: undefined, folder });
  return toConfig(check(file), { file: file.path, folder: path.dirname(file.path) });
}

function check(file: ConfigFile): ParsedConfig {
  const parsed = parseText(file);
  const { data, error } = configSchema.safeParse(parsed.value);
  if (error === undefined) return data;
  throw new ConfigError({
    file: file.path,
    expected: 'keys and values as the README of the command line lists them',
    found: describeProblems(error.issues, parsed).join('; '),
    remedy: 'mend what is named; a key that is left away has its default',
  });
}

function toConfig({ features }: ParsedConfig, where: Pick<Config, 'file' | 'folder'>): Config {
  return {
    ...where,
    features: {
      groups: features.groups,
      evidenceKeys: features.evidence_keys,
      otherNetworks: features.other_networks,
    },
  };
}
