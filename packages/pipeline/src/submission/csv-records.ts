/** A record that is longer was not meant as one: a quote is open. */
const MOST_RECORD_CHARACTERS = 1 << 20;

/** Text that is no CSV; `record` counts from 1, the header being the first. */
export class CsvSyntaxError extends Error {
  readonly record: number;

  constructor(message: string, record: number) {
    super(message);
    this.record = record;
  }
}

/**
 * The records of a CSV text (RFC 4180), some at a time: cells separated by commas, quoted where they hold commas, quotes or line breaks. Lines
 * end in \n, \r\n or \r; blank ones are left out.
 *
 * @param blocks the text in pieces, cut anywhere
 * @throws {CsvSyntaxError} for a quote that stays open, or text after a closing one
 * @example
 * for await (const records of csvRecords(blocks)) for (const cells of records) cells[0];
 */
export async function* csvRecords(blocks: AsyncIterable<string>): AsyncGenerator<string[][]> {
  const reader = new Reader();
  for await (const block of blocks) {
    reader.read(block);
    yield reader.take();
  }
  reader.end();
  yield reader.take();
}

/** Where in a cell the next character stands. */
type Place = 'start' | 'plain' | 'quoted' | 'after quote';

class Reader {
  #place: Place = 'start';
  #cell = '';
  #cells: string[] = [];
  #records: string[][] = [];
  #count = 0;
  #length = 0;
  /** The last character was \r: a \n that follows belongs to it. */
  #afterReturn = false;

  read(block: string): void {
    for (let at = 0; at < block.length; ) at = this.#step(block, at);
  }

  end(): void {
    if (this.#place === 'quoted') throw this.#wrong('a quote that is never closed');
    if (this.#place !== 'start' || this.#cells.length > 0) this.#endRecord();
  }

  take(): string[][] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** Takes the run of characters that begins at a place; where the next one begins. */
  #step(block: string, at: number): number {
    const sign = block[at] as string;
    if (this.#place === 'quoted') return this.#quoted(block, at);
    if (this.#afterReturn) {
      this.#afterReturn = false;
      if (sign === '\n') return at + 1;
    }
    if (sign === '"' && this.#place === 'start') this.#place = 'quoted';
    else if (sign === '"' && this.#place === 'after quote') {
      this.#append('"');
      this.#place = 'quoted';
    } else if (sign === ',') this.#endCell();
    else if (sign === '\n' || sign === '\r') {
      this.#afterReturn = sign === '\r';
      this.#endRecord();
    } else if (this.#place === 'after quote') throw this.#wrong('text after a closing quote');
    else return this.#plain(block, at);
    return at + 1;
  }

  #plain(block: string, from: number): number {
    let to = from + 1;
    while (to < block.length && !isEnd(block.charCodeAt(to))) to += 1;
    this.#append(block.slice(from, to));
    this.#place = 'plain';
    return to;
  }

  #quoted(block: string, from: number): number {
    const quote = block.indexOf('"', from);
    const to = quote < 0 ? block.length : quote;
    this.#append(block.slice(from, to));
    if (quote < 0) return to;
    this.#place = 'after quote';
    return to + 1;
  }

  #append(text: string): void {
    this.#length += text.length;
    if (this.#length > MOST_RECORD_CHARACTERS) {
      throw this.#wrong('more than a million characters, maybe for want of a closing quote');
    }
    this.#cell += text;
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#place = 'start';
    this.#length += 1;
  }

  #endRecord(): void {
    const isBlank = this.#cells.length === 0 && this.#place !== 'after quote' && this.#cell.trim() === '';
    if (!isBlank) {
      this.#endCell();
      this.#records.push(this.#cells);
      this.#count += 1;
    }
    this.#cells = [];
    this.#cell = '';
    this.#place = 'start';
    this.#length = 0;
  }

  #wrong(message: string): CsvSyntaxError {
    return new CsvSyntaxError(message, this.#count + 1);
  }
}

function isEnd(code: number): boolean {
  return code === 0x2c || code === 0x0a || code === 0x0d;
}
