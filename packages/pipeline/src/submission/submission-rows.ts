import { SubmissionFileError } from './errors.ts';

/** Which rows of a file count; all where none is said. */
export interface RowsOfSnapshot {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly windowDays: number;
}

/** A submission as it was read. Its rows may be wrong in many ways; they are for others to judge. */
export interface SubmissionFile {
  readonly file: string;
  /** One per row that counts, and so with the arrays below. */
  readonly alertIds: readonly string[];
  /** '' where the file does not say. */
  readonly addresses: readonly string[];
  /** NaN where a row has no number. */
  readonly scores: Float64Array;
  readonly withoutVersion: number;
  readonly withoutUrl: number;
  /** The first few that are named. */
  readonly versions: readonly string[];
  readonly urls: readonly string[];
  /** Processing dates of the rows that count, the first few. */
  readonly dates: readonly string[];
  /** Their windows, the first few, as they are written. */
  readonly windows: readonly string[];
  /** Rows that name another date or window, which do not count. */
  readonly rowsOfOtherSnapshots: number;
}

/** What each column gives of a row: text, a number, a date; undefined or null where there is nothing. */
export type Cell = string | number | bigint | null | undefined;

/** More are not read. */
const MOST_ROWS = 20_000_000;

const MOST_NAMED = 5;

const REQUIRED = ['alert_id', 'score'] as const;

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Collects the rows of a file. Columns that it does not know are passed over. */
export class SubmissionRows {
  /** Of the file, in its order. */
  readonly columns: readonly string[];
  readonly #file: string;
  readonly #only: RowsOfSnapshot | undefined;
  readonly #places: ReadonlyMap<string, number>;
  readonly #ids: string[] = [];
  readonly #addresses: string[] = [];
  readonly #versions = new Set<string>();
  readonly #urls = new Set<string>();
  readonly #dates = new Set<string>();
  readonly #windows = new Set<string>();
  #scores = new Float64Array(1024);
  #withoutVersion = 0;
  #withoutUrl = 0;
  #others = 0;

  /** @throws {SubmissionFileError} when a column is missing, or there twice */
  constructor(file: string, columns: readonly string[], only: RowsOfSnapshot | undefined) {
    this.#file = file;
    this.columns = columns;
    this.#only = only;
    this.#places = new Map(columns.map((name, place) => [name, place]));
    const found = `the columns ${columns.slice(0, 20).join(', ')}`;
    const missing = REQUIRED.filter((name) => !this.#places.has(name));
    if (missing.length > 0) {
      throw new SubmissionFileError({ file, expected: `a column ${missing.join(' and ')}`, found });
    }
    if (this.#places.size < columns.length) {
      throw new SubmissionFileError({ file, expected: 'each column once', found });
    }
  }

  /** @throws {SubmissionFileError} when there are too many rows */
  add(cells: readonly Cell[]): void {
    if (!this.#isOfSnapshot(cells)) {
      this.#others += 1;
      return;
    }
    const row = this.#ids.length;
    if (row === MOST_ROWS) {
      throw new SubmissionFileError({
        file: this.#file,
        expected: `at most ${MOST_ROWS} rows`,
        found: 'more',
      });
    }
    if (row === this.#scores.length) {
      const longer = new Float64Array(row * 2);
      longer.set(this.#scores);
      this.#scores = longer;
    }
    this.#ids.push(this.#text(cells, 'alert_id'));
    this.#addresses.push(this.#text(cells, 'address'));
    this.#scores[row] = numberOf(this.#cell(cells, 'score'));
    if (!name(this.#versions, this.#text(cells, 'model_version'))) this.#withoutVersion += 1;
    if (!name(this.#urls, this.#text(cells, 'model_github_url'))) this.#withoutUrl += 1;
    name(this.#dates, this.#text(cells, 'processing_date').trim().slice(0, 10));
    name(this.#windows, this.#text(cells, 'window_days').trim());
  }

  build(): SubmissionFile {
    return {
      file: this.#file,
      alertIds: this.#ids,
      addresses: this.#addresses,
      scores: this.#scores.slice(0, this.#ids.length),
      withoutVersion: this.#withoutVersion,
      withoutUrl: this.#withoutUrl,
      versions: [...this.#versions],
      urls: [...this.#urls],
      dates: [...this.#dates],
      windows: [...this.#windows],
      rowsOfOtherSnapshots: this.#others,
    };
  }

  /** A row that names no date or window is of the snapshot that is asked for. */
  #isOfSnapshot(cells: readonly Cell[]): boolean {
    if (this.#only === undefined) return true;
    const date = this.#text(cells, 'processing_date').trim().slice(0, 10);
    const window = this.#text(cells, 'window_days').trim();
    return (
      (date === '' || date === this.#only.date) && (window === '' || Number(window) === this.#only.windowDays)
    );
  }

  #cell(cells: readonly Cell[], column: string): Cell {
    const place = this.#places.get(column);
    return place === undefined ? undefined : cells[place];
  }

  #text(cells: readonly Cell[], column: string): string {
    return String(this.#cell(cells, column) ?? '');
  }
}

/** Keeps a text among the first few; false for one that says nothing. */
function name(names: Set<string>, text: string): boolean {
  if (text.trim() === '') return false;
  if (names.size < MOST_NAMED) names.add(text);
  return true;
}

function numberOf(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  const text = cell?.trim() ?? '';
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}
