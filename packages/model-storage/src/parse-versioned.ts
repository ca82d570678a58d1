import { z } from 'zod';
import { ModelFileError, ModelNewerError } from './errors.ts';

/** The version of the files that this package reads and writes. */
const VERSION = 1;

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

function versionOf(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[key] : undefined;
}
