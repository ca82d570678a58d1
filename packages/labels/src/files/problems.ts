import { LabelFileError, type LabelFileProblem } from '../errors.ts';

/** How many problems are told; the others are counted. */
const MOST_TOLD = 5;

/** What is wrong in the rows of a file: the first of it, and how much. */
export class Problems {
  readonly #file: string;
  readonly #unit: 'row' | 'line';
  readonly #first: LabelFileProblem[] = [];
  #count = 0;

  constructor(file: string, unit: 'row' | 'line') {
    this.#file = file;
    this.#unit = unit;
  }

  add(problem: LabelFileProblem): void {
    this.#count += 1;
    if (this.#first.length < MOST_TOLD) this.#first.push(problem);
  }

  /** @throws {LabelFileError} when there is any */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const told = this.#first.map(
      ({ row, column, found }) =>
        `${this.#unit} ${row}${column === undefined ? '' : `, column ${column}`}: ${found}`,
    );
    const more = this.#count - told.length;
    throw new LabelFileError({
      file: this.#file,
      expected: [...new Set(this.#first.map(({ expected }) => expected))].join('; '),
      found: `${this.#count} ${this.#count === 1 ? 'problem' : 'problems'}: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
      remedy: `mend or remove ${this.#count === 1 ? `this ${this.#unit}` : `these ${this.#unit}s`}`,
      problems: this.#first,
      count: this.#count,
    });
  }
}

/** A value as a message shows it: on one line, and not too long. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  if (typeof value !== 'string') return String(value);
  if (value.trim() === '') return 'an empty text';
  const text = JSON.stringify(value).slice(1, -1);
  return `'${text.length > 80 ? `${text.slice(0, 80)}…` : text}'`;
}
