import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { LabelFileError } from '../errors.ts';
import { type LabelFile, type ReadLabelFileOptions, readLabelFile } from '../files/read-label-file.ts';

/** A list that people fill in is far smaller. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A label file of which rows without a label were left out. */
export interface PartlyFilledFile extends LabelFile {
  /** Rows that were left out. */
  readonly skipped: number;
}

/**
 * Reads a CSV file that people fill in, such as that of `labels suggest`: rows without a label and a risk level are left out and counted, where
 * `readLabelFile` would refuse them. Everything else is as there; row numbers in messages are those of the file.
 *
 * @throws {LabelFileError} what `readLabelFile` throws; and for a file that is no plain CSV or larger than 64 MB
 * @example
 * const { rows, skipped } = await readPartlyFilledFile('suggestions.csv');
 */
export async function readPartlyFilledFile(
  file: string,
  options: ReadLabelFileOptions = {},
): Promise<PartlyFilledFile> {
  if (!file.toLowerCase().endsWith('.csv')) {
    throw new LabelFileError({
      file,
      category: 'input',
      expected: 'a name that ends in .csv where rows without a label are to be skipped',
      found: `the name ${path.basename(file)}`,
      remedy: 'remove these rows yourself, or save the file as CSV',
    });
  }
  // What is wrong with the file itself is told as of any label file.
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { ...(await readLabelFile(file, options)), skipped: 0 };
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new LabelFileError({
      file,
      expected: 'at most 64 MB where rows without a label are to be skipped',
      found: `${Buffer.byteLength(text)} bytes`,
      remedy: 'remove these rows yourself',
    });
  }
  const blanked = blankEmptyRows(text);
  // Text that is no CSV is explained by who reads label files.
  if (blanked === undefined || blanked.skipped === 0)
    return { ...(await readLabelFile(file, options)), skipped: 0 };
  const whole = await readFile(file);
  const original = { sha256: createHash('sha256').update(whole).digest('hex'), bytes: whole.length };
  const folder = await mkdtemp(path.join(tmpdir(), 'risk-scoring-labels-'));
  try {
    const copy = path.join(folder, path.basename(file));
    await writeFile(copy, blanked.text);
    const read = await readLabelFile(copy, options).catch((error: unknown) => {
      throw error instanceof LabelFileError ? named(error, file) : error;
    });
    return { ...read, ...original, skipped: blanked.skipped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The text with a blank line for each row that says no label; undefined where it is no CSV. */
function blankEmptyRows(text: string): { readonly text: string; readonly skipped: number } | undefined {
  let rows: string[][];
  try {
    rows = parse(text, { relax_column_count: true, skip_empty_lines: false, bom: true }) as string[][];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
  const header = rows.findIndex((cells) => !isBlank(cells));
  const names = (rows[header] ?? []).map((name) => name.trim());
  const saying = ['label', 'risk_level'].map((name) => names.indexOf(name)).filter((place) => place >= 0);
  if (saying.length === 0) return { text, skipped: 0 };
  let skipped = 0;
  const lines = rows.map((cells, at) => {
    if (at <= header || isBlank(cells) || cells.length !== names.length) return cells.map(quote).join(',');
    if (saying.some((place) => cells[place]?.trim() !== '')) return cells.map(quote).join(',');
    skipped += 1;
    return '';
  });
  return { text: `${lines.join('\n')}\n`, skipped };
}

function isBlank(cells: readonly string[]): boolean {
  return cells.length === 0 || (cells.length === 1 && cells[0]?.trim() === '');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same error about the file that the user named. */
function named(error: LabelFileError, file: string): LabelFileError {
  return new LabelFileError({
    file,
    category: error.category,
    expected: error.expected ?? '',
    found: error.found ?? '',
    remedy: error.remedy ?? '',
    problems: error.problems,
    count: error.count,
    cause: error.cause,
  });
}
