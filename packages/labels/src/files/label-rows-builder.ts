import { LabelFileError } from '../errors.ts';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import {
  ADDRESS_EXPECTED,
  CONFIDENCE_EXPECTED,
  DATE_EXPECTED,
  isEmpty,
  isNoAddress,
  readConfidence,
  readDay,
} from './cells.ts';
import {
  checkColumns,
  EXTRA_FIELDS,
  type ExtraField,
  FIELDS,
  type Field,
  fieldOfColumn,
} from './file-columns.ts';
import { GrowingArray, GrowingTextColumn } from './growing.ts';
import { LabelStatements, type LabelStatementsOptions } from './label-statements.ts';
import { type Problems, show } from './problems.ts';

const at = Object.fromEntries(FIELDS.map((field, place) => [field, place])) as Record<Field, number>;
const extraPlaces = EXTRA_FIELDS.map((field) => at[field]);

/** Days and rounded confidences are fewer; where there are more, keeping them saves nothing. */
const MOST_KEPT_NUMBERS = 10_000;

/** Takes a file row by row and keeps columns: no row is an object of its own. */
export class LabelRowsBuilder {
  readonly #file: string;
  readonly #options: LabelStatementsOptions;
  readonly #problems: Problems;
  readonly #statements: LabelStatements;
  readonly #addresses = new GrowingTextColumn();
  readonly #sources = new GrowingTextColumn();
  readonly #confidences = new GrowingArray((length) => new Float32Array(length));
  readonly #validFrom = new GrowingArray((length) => new Int32Array(length));
  readonly #extras = EXTRA_FIELDS.map(() => new GrowingTextColumn());
  readonly #numbers = { confidence: new Map<string, number>(), valid_from: new Map<string, number>() };
  #rows = 0;

  constructor(file: string, problems: Problems, options: LabelStatementsOptions) {
    this.#file = file;
    this.#problems = problems;
    this.#options = options;
    this.#statements = new LabelStatements(problems, options);
  }

  /**
   * Adds a row.
   *
   * @param row its number in messages
   * @param cells the value of each of `FIELDS` stands at its place in `places`
   * @param places the same for all rows; -1 for a field that the file does not have
   */
  add(row: number, cells: readonly unknown[], places: ArrayLike<number>): void {
    const cell = (field: number): unknown => {
      const place = places[field] ?? -1;
      return place < 0 ? undefined : cells[place];
    };
    this.#rows += 1;
    this.#addAddress(row, cell(at.address));
    this.#statements.add(row, cell(at.label), cell(at.risk_level));
    const confidence = cell(at.confidence);
    this.#confidences.push(this.#read(row, 'confidence', confidence, 1));
    this.#validFrom.push(this.#read(row, 'valid_from', cell(at.valid_from), 0));
    this.#addText(this.#sources, row, 'source', cell(at.source));
    for (let extra = 0; extra < extraPlaces.length; extra++) {
      const field = extraPlaces[extra] as number;
      if ((places[field] ?? -1) >= 0) {
        this.#addText(
          this.#extras[extra] as GrowingTextColumn,
          row,
          EXTRA_FIELDS[extra] as string,
          cell(field),
        );
      }
    }
  }

  #addAddress(row: number, value: unknown): void {
    const text = typeof value === 'string' ? value.trim() : '';
    if (!this.#addresses.push(text, isNoAddress)) {
      this.#problems.add({ row, column: 'address', expected: ADDRESS_EXPECTED, found: show(value) });
    }
  }

  #read(row: number, column: 'confidence' | 'valid_from', value: unknown, otherwise: number): number {
    if (isEmpty(value)) return otherwise;
    const number = this.#numberOf(column, value);
    if (!Number.isNaN(number)) return number;
    const expected = column === 'confidence' ? CONFIDENCE_EXPECTED : DATE_EXPECTED;
    this.#problems.add({ row, column, expected, found: show(value) });
    return otherwise;
  }

  /** {@link readConfidence} or {@link readDay}; they repeat, so each text is read once, up to some. */
  #numberOf(column: 'confidence' | 'valid_from', value: unknown): number {
    const read = column === 'confidence' ? readConfidence : readDay;
    if (typeof value !== 'string') return read(value);
    const numbers = this.#numbers[column];
    const known = numbers.get(value);
    if (known !== undefined) return known;
    const number = read(value);
    if (!Number.isNaN(number) && numbers.size < MOST_KEPT_NUMBERS) numbers.set(value, number);
    return number;
  }

  #addText(column: GrowingTextColumn, row: number, name: string, value: unknown): void {
    if (typeof value === 'string') column.push(value);
    else if (value === undefined || value === null) column.push('');
    else this.#problems.add({ row, column: name, expected: `a text as ${name}`, found: show(value) });
  }

  /**
   * The rows as columns.
   *
   * @param columns those that the file has
   * @throws {LabelFileError} when there is no row, a row is wrong, or nothing says what the addresses are
   */
  finish(columns: readonly string[]) {
    const has = (field: Field) => columns.some((name) => fieldOfColumn(name) === at[field]);
    if (columns.length === 0) {
      this.#problems.throwIfAny();
      throw hasNoRows(this.#file);
    }
    const warnings = checkColumns(this.#file, columns);
    const statedBy = has('label') ? 'label' : has('risk_level') ? 'risk_level' : 'default';
    const { defaultLabel } = this.#options;
    if (statedBy === 'default' && defaultLabel === undefined) throw saysNothing(this.#file, columns);
    if (statedBy !== 'default') {
      this.#statements.refuseUnstated();
      if (defaultLabel !== undefined)
        warnings.push(`the default label is of no use: the file has the column ${statedBy}`);
    }
    this.#problems.throwIfAny();
    if (this.#rows === 0) throw hasNoRows(this.#file);
    const validFrom = this.#validFrom.toArray();
    const rows: AddressLabelRows = {
      rows: this.#rows,
      addresses: this.#addresses.toColumn(),
      ...this.#statements.toArrays(),
      confidences: this.#confidences.toArray(),
      sources: this.#sources.toColumn(),
      dates: validFrom,
      validFrom,
    };
    const extras = Object.fromEntries(
      EXTRA_FIELDS.flatMap((field, extra) =>
        has(field) ? [[field, (this.#extras[extra] as GrowingTextColumn).toColumn()]] : [],
      ),
    ) as Partial<Record<ExtraField, ReturnType<GrowingTextColumn['toColumn']>>>;
    return { rows, extras, warnings, statedBy } as const;
  }
}

function saysNothing(file: string, columns: readonly string[]): LabelFileError {
  return new LabelFileError({
    file,
    expected: 'a column label or risk_level',
    found: `the columns ${columns.join(', ')}`,
    remedy:
      'add such a column, or give default_label: 1 (defaultLabel) for a plain list of suspicious addresses, 0 for normal ones',
  });
}

function hasNoRows(file: string): LabelFileError {
  return new LabelFileError({
    file,
    expected: 'at least one row',
    found: 'empty labels: no rows',
    remedy: 'name a file that holds labels',
  });
}
