import path from 'node:path';
import type { SettingsOrigin } from './check-settings.ts';
import { type KeyPath, showPath } from './problems.ts';
import type { Config, OpenSettings } from './read-config.ts';
import { type FlagSetting, parseSettingFlags } from './setting-flags.ts';

/** Settings of a strategy or trainer, from wherever they came. */
export interface MergedSettings {
  readonly values: OpenSettings;
  readonly origin: SettingsOrigin;
  /** What relative paths in them start from. */
  readonly folder: string;
}

/**
 * Settings of the configuration, and over them those of the command line.
 *
 * Paths in the file are relative to its folder, those of the command line to the working folder; where there are settings of both, of
 * the latter only texts that begin with `./` or `../`, as nobody knows here which others are paths.
 *
 * @param parts.ofFile what the configuration says; undefined where it is about another strategy
 * @param parts.section where it says so: `training.label_settings`
 * @throws {InvalidInputError} for flags that cannot be meant
 */
export function mergeSettings(parts: {
  readonly config: Config;
  readonly ofFile: OpenSettings | undefined;
  readonly section: readonly string[];
  readonly flag: string;
  readonly texts: readonly string[];
  readonly workingFolder: string;
}): MergedSettings {
  const { config, ofFile, section, flag, texts, workingFolder } = parts;
  const isOfFile = ofFile !== undefined && (Object.keys(ofFile).length > 0 || texts.length === 0);
  const folder = isOfFile ? config.folder : workingFolder;
  const given = parseSettingFlags(texts, flag);
  const values = given.reduce<OpenSettings>((settings, { path: keys, value }) => {
    return put(settings, keys, folder === workingFolder ? value : absolute(value, workingFolder));
  }, ofFile ?? {});
  const whereOf = (keys: KeyPath) =>
    isOf(keys, given) ? `${flag} ${showPath(keys)}` : config.whereOf([...section, ...keys]);
  return { values, origin: { whereOf, file: config.file }, folder };
}

/** Whether the command line gave a key, something within it or what holds it. */
function isOf(keys: KeyPath, given: readonly FlagSetting[]): boolean {
  const isGiven = ({ path: name }: FlagSetting) =>
    name.every((part, index) => index >= keys.length || String(keys[index]) === part);
  return keys.length > 0 && given.some(isGiven);
}

function put(settings: OpenSettings, [key = '', ...rest]: readonly string[], value: unknown): OpenSettings {
  const held = Object.hasOwn(settings, key) ? settings[key] : undefined;
  return { ...settings, [key]: rest.length === 0 ? value : put(isMap(held) ? held : {}, rest, value) };
}

function absolute(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return /^\.{1,2}[/\\]/.test(value) ? path.resolve(folder, value) : value;
  if (Array.isArray(value)) return value.map((each) => absolute(each, folder));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, absolute(each, folder)]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
