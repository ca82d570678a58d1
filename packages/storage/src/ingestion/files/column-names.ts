import { FileError } from './errors.ts';

const MAX_NAME = 200;

/**
 * Checks the names of a file's columns: each there, short, without control characters or spaces around it, and once.
 *
 * @throws {FileError} FILE_HEADER_INVALID, naming the column
 */
export function checkColumnNames(path: string, names: readonly string[]): void {
  if (names.length === 0) throw invalidHeader(path, { expected: 'columns', found: 'none' });
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    const found = trouble(name) ?? (seen.has(name) ? `'${name}' twice` : undefined);
    if (found !== undefined) {
      throw invalidHeader(path, {
        expected: `column names that differ, of 1 to ${MAX_NAME} characters, without spaces around them`,
        found: `${found} (column ${index + 1})`,
      });
    }
    seen.add(name);
  }
}

/** The names of the columns cannot be known from this. */
export function invalidHeader(
  path: string,
  parts: { expected: string; found: string; remedy?: string; cause?: unknown },
): FileError {
  return new FileError({
    code: 'FILE_HEADER_INVALID',
    summary: `${path} does not say which columns it has.`,
    remedy: 'write the file again with the column names of the table',
    ...parts,
  });
}

function trouble(name: string): string | undefined {
  if (name === '') return 'an empty name';
  if (name.length > MAX_NAME) return `a name of ${name.length} characters, '${name.slice(0, 20)}…'`;
  if (/\p{Cc}/u.test(name)) return `the control characters of ${JSON.stringify(name)}`;
  if (name.trim() !== name) return `spaces around '${name}'`;
  return undefined;
}
