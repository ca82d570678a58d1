import { ModelFormatError } from '../errors.ts';
import { quote } from './numbers.ts';

/** Walks over the lines of a model text, knowing where it is. */
export class TextLines {
  readonly #text: string;
  /** Where the next line starts. */
  #position = 0;
  #line = 0;

  constructor(text: string) {
    const carriageReturn = text.indexOf('\r');
    if (carriageReturn >= 0) {
      throw new ModelFormatError({
        expected: 'lines that end in a line feed alone, as LightGBM writes them',
        found: 'a carriage return: some tool rewrote the line ends',
      });
    }
    this.#text = text;
  }

  /** Number of the line last read, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Where the next line starts, in characters. */
  get position(): number {
    return this.#position;
  }

  get atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** The next line without its line feed; `what` says what should be there, for the message when nothing is. */
  next(what: string): string {
    const end = this.#text.indexOf('\n', this.#position);
    if (end < 0) {
      throw new ModelFormatError({
        expected: what,
        found: this.atEnd
          ? 'the end of the text'
          : `an unfinished line: ${quote(this.#text.slice(this.#position))}`,
        line: this.#line + 1,
      });
    }
    const line = this.#text.slice(this.#position, end);
    this.#position = end + 1;
    this.#line++;
    return line;
  }

  /** Reads a line that has to be exactly `wanted`. */
  expect(wanted: string): void {
    const what = wanted === '' ? 'an empty line' : `'${wanted}'`;
    const found = this.next(what);
    if (found !== wanted) throw this.error(what, quote(found));
  }

  /** An error about the line last read. */
  error(expected: string, found: string): ModelFormatError {
    return new ModelFormatError({ expected, found, line: this.#line });
  }
}
