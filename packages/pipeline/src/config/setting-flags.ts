import { InvalidInputError } from '@risk-scoring/contract';
import { ConfigError } from './config-error.ts';
import { parseText } from './parse-text.ts';

/** A setting as the command line gives it. */
export interface FlagSetting {
  /** The parts of its dotted name. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Reads settings such as `conflict_policy=drop` and `base_settings.min=0.5`. What stands behind the first `=` is YAML, so that lists and
 * numbers are written as in the configuration: `sources=[a, b]`.
 *
 * @param flag what brings them, for messages: `--label-setting`
 * @throws {InvalidInputError} for one without a name or `=`, with a value that is no YAML, or whose name is given twice
 * @example
 * parseSettingFlags(['a.b=[1, 2]'], '--label-setting'); // [{ path: ['a', 'b'], value: [1, 2] }]
 */
export function parseSettingFlags(texts: readonly string[], flag: string): FlagSetting[] {
  const settings = texts.map((text) => parseOne(text, flag));
  settings.forEach(({ path }, index) => {
    const first = settings.slice(0, index).find((other) => isPartOf(other.path, path));
    if (first === undefined) return;
    throw new InvalidInputError({
      what: flag,
      expected: 'each setting once',
      found: `${first.path.join('.')} and ${path.join('.')}`,
      remedy: 'leave one of them out',
    });
  });
  return settings;
}

function parseOne(text: string, flag: string): FlagSetting {
  const [, name, value = ''] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
  const path = name?.split('.').map((part) => part.trim()) ?? [];
  if (path.length === 0 || path.includes('') || path.includes('__proto__')) {
    throw new InvalidInputError({
      what: flag,
      expected: 'key=value, where the key may have dots: conflict_policy=drop, base_settings.min=0.5',
      found: text,
    });
  }
  return { path, value: parseValue(value, `${flag} ${path.join('.')}`) };
}

function parseValue(text: string, what: string): unknown {
  // Of an empty text nobody could say whether it is a text.
  if (text.trim() === '') return null;
  try {
    return parseText({ path: what, text }).value;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new InvalidInputError({
      what,
      expected: 'a value in YAML',
      found: error.found ?? text,
      remedy: 'write texts with special characters in quotes within quotes: \'key="a: b"\'',
    });
  }
}

function isPartOf(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(0, b.length).every((part, index) => part === b[index]);
}
