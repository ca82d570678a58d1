import { finished } from 'node:stream/promises';
import { CsvError, Parser } from 'csv-parse';
import { checkColumns, FIELDS, fieldOfColumn } from './file-columns.ts';
import type { LabelRowsBuilder } from './label-rows-builder.ts';
import type { Problems } from './problems.ts';

/** A row that is longer was not meant as one. */
const MOST_ROW_CHARACTERS = 16 * 1024 * 1024;

/** Where the rows of a text file go. */
export interface RowTarget {
  readonly file: string;
  readonly builder: LabelRowsBuilder;
  readonly problems: Problems;
}

/**
 * Reads CSV (RFC 4180) with a header: cells separated by commas, quoted where they hold commas, quotes or line breaks; blank lines say nothing.
 *
 * Up to the first quote of a file each line is a row and each comma separates, which takes a quarter of the time that csv-parse takes. From there on csv-parse reads.
 *
 * @param blocks whole lines
 * @returns the columns of the header
 * @throws {LabelFileError} when the header cannot be used
 */
export async function readCsv(blocks: AsyncGenerator<string>, target: RowTarget): Promise<string[]> {
  const rows = new CsvRows(target);
  for (;;) {
    const { value: block, done } = await blocks.next();
    if (done) return rows.columns;
    if (isPlain(block)) addPlainLines(block, rows);
    else return await readQuoted(block, blocks, { rows, target });
  }
}

/** No quote, and no line break other than \n and \r\n. */
function isPlain(block: string): boolean {
  return !block.includes('"') && !(block.includes('\r') && /\r(?!\n)/.test(block));
}

function addPlainLines(block: string, rows: CsvRows): void {
  // One array for all rows: nobody keeps it.
  const cells: string[] = [];
  let comma = nextComma(block, 0);
  for (let from = 0; from < block.length; ) {
    const newline = block.indexOf('\n', from);
    const next = newline < 0 ? block.length : newline;
    const end = newline > from && block.charCodeAt(newline - 1) === 0x0d ? newline - 1 : next;
    let count = 0;
    for (; comma < end; comma = nextComma(block, from)) {
      cells[count++] = block.slice(from, comma);
      from = comma + 1;
    }
    cells[count++] = block.slice(from, end);
    if (cells.length !== count) cells.length = count;
    rows.add(cells);
    from = next + 1;
  }
}

/** The first comma from a place on, the end of the block where there is none. */
function nextComma(block: string, from: number): number {
  const comma = block.indexOf(',', from);
  return comma < 0 ? block.length : comma;
}

async function readQuoted(
  first: string,
  others: AsyncGenerator<string>,
  { rows, target }: { readonly rows: CsvRows; readonly target: RowTarget },
): Promise<string[]> {
  const parser = new RowParser((cells) => rows.add(cells));
  try {
    const ending = finished(parser);
    // Told where it is awaited, which other errors may keep from happening.
    ending.catch(() => {});
    for await (const block of startingWith(first, others)) {
      if (parser.destroyed) break;
      parser.write(block);
    }
    parser.end();
    parser.resume();
    await ending;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    target.problems.add({ row: rows.count + 1, ...explain(error) });
  }
  return rows.columns;
}

/** csv-parse that hands over each row at once: none waits in a queue, and those before an error are not lost. */
class RowParser extends Parser {
  readonly #take: (cells: readonly string[]) => void;

  constructor(take: (cells: readonly string[]) => void) {
    super({
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: MOST_ROW_CHARACTERS,
    });
    this.#take = take;
  }

  override push(cells: readonly string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.#take(cells);
    return true;
  }
}

async function* startingWith(first: string, others: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* others;
}

function explain({ code, message }: CsvError): { expected: string; found: string } {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return { expected: 'a closing quote', found: 'a quote that is never closed' };
    case 'INVALID_OPENING_QUOTE':
      return {
        expected: 'cells with quotes wholly in quotes, and each quote in them doubled',
        found: 'a quote within a cell',
      };
    case 'CSV_INVALID_CLOSING_QUOTE':
      return { expected: 'a comma or the end of the row after a closing quote', found: 'something else' };
    case 'CSV_MAX_RECORD_SIZE':
      return { expected: 'rows of at most 16 MB', found: 'a longer one, maybe for want of a closing quote' };
    default:
      return { expected: 'CSV', found: message };
  }
}

/** Rows of a CSV file in order, the header first. */
class CsvRows {
  readonly #target: RowTarget;
  readonly #places = new Int32Array(FIELDS.length).fill(-1);
  columns: string[] = [];
  /** Rows so far, the header and blank ones included. */
  count = 0;

  constructor(target: RowTarget) {
    this.#target = target;
  }

  add(cells: readonly string[]): void {
    this.count += 1;
    if (cells.length === 1 && cells[0]?.trim() === '') return;
    if (this.columns.length === 0) {
      this.#addHeader(cells);
      return;
    }
    const { builder, problems } = this.#target;
    if (cells.length === this.columns.length) {
      builder.add(this.count, cells, this.#places);
      return;
    }
    const expected = `${this.columns.length} cells, as the header has`;
    problems.add({ row: this.count, expected, found: `${cells.length} cells` });
  }

  #addHeader(cells: readonly string[]): void {
    this.columns = cells.map((name) => name.trim());
    checkColumns(this.#target.file, this.columns);
    this.columns.forEach((name, place) => {
      const field = fieldOfColumn(name);
      if (field >= 0) this.#places[field] = place;
    });
  }
}
