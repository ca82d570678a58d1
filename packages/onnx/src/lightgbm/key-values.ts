import type { Place } from './numbers.ts';
import { quote } from './numbers.ts';
import type { TextLines } from './text-lines.ts';

/** A block of `key=value` lines that ends with an empty line. */
export class KeyValues {
  readonly #block: string;
  readonly #entries = new Map<string, { value: string; line: number }>();
  readonly #lines: TextLines;

  /**
   * Reads the block.
   *
   * @param block what it is, for messages: `'the header'`
   * @param known every key that may be there; another one, or one twice, is an error
   */
  constructor(lines: TextLines, block: string, known: ReadonlySet<string>) {
    this.#block = block;
    this.#lines = lines;
    for (let line = lines.next(block); line !== ''; line = lines.next(`the rest of ${block}`)) {
      const equals = line.indexOf('=');
      const key = equals < 0 ? line : line.slice(0, equals);
      if (!known.has(key)) throw lines.error(`a key that ${block} may have`, quote(line));
      if (this.#entries.has(key)) throw lines.error(`'${key}' once in ${block}`, 'a second one');
      this.#entries.set(key, { value: equals < 0 ? '' : line.slice(equals + 1), line: lines.line });
    }
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The value of a key that has to be there. */
  text(key: string): string {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw this.#lines.error(`'${key}=' in ${this.#block}`, 'none');
    return entry.value;
  }

  /** Where a key stands. */
  place(key: string): Place {
    return { key, line: this.#entries.get(key)?.line ?? this.#lines.line };
  }
}
