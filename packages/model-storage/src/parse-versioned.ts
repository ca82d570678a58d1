import { z } from 'zod';
import { ModelFileError, ModelNewerError } from './errors.ts';

/** The version of the files that this package reads and writes. */
const VERSION = 1;

/** Lists and objects within one another: a model's files have a dozen levels, and what walks over deeper ones runs out of stack. */
const MOST_LEVELS = 100;

/**
 * Reads a JSON file of a model that says its own version.
 *
 * @param what.versionKey where the version stands, such as `metadata_version`
 * @throws {ModelNewerError} when a newer version of the product wrote it
 * @throws {ModelFileError} `MODEL_METADATA_INVALID` for anything else that the schema does not take
 * @example
 * parseVersioned(modelMetadataSchema, text, { file, versionKey: 'metadata_version', is: 'the metadata of a model' });
 */
export function parseVersioned<T>(
  schema: z.ZodType<T>,
  text: string,
  what: { readonly file: string; readonly versionKey: string; readonly is: string },
): T {
  const { file, versionKey, is } = what;
  const expected = `${is}, ${versionKey} ${VERSION}`;
  if (levelsOf(text) > MOST_LEVELS) {
    throw new ModelFileError({
      code: 'MODEL_METADATA_INVALID',
      file,
      expected,
      found: `more than ${MOST_LEVELS} lists or objects within one another`,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const found = (cause as Error).message;
    throw new ModelFileError({ code: 'MODEL_METADATA_INVALID', file, expected, found, cause });
  }
  const version = versionOf(json, versionKey);
  if (typeof version === 'number' && version > VERSION) {
    throw new ModelNewerError({ file, expected, found: `${versionKey} ${version}` });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const found = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new ModelFileError({ code: 'MODEL_METADATA_INVALID', file, expected, found, cause: parsed.error });
}

/** How many lists and objects stand within one another in a JSON text, at most; brackets in texts do not count. */
function levelsOf(text: string): number {
  let level = 0;
  let most = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') most = Math.max(most, ++level);
    else if (character === '}' || character === ']') level -= 1;
  }
  return most;
}

function versionOf(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[key] : undefined;
}
