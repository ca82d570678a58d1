import type { TextColumn } from '@risk-scoring/contract';

type NumberArray = Int8Array | Int32Array | Float32Array;

/** A typed array whose length is not known yet. */
export class GrowingArray<T extends NumberArray> {
  #array: T;
  readonly #create: (length: number) => T;
  #length = 0;

  /** @param create such as `(length) => new Int32Array(length)` */
  constructor(create: (length: number) => T) {
    this.#create = create;
    this.#array = create(1024);
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const array = this.#create(this.#length * 2);
      array.set(this.#array);
      this.#array = array;
    }
    this.#array[this.#length++] = value;
  }

  /** What was pushed, without room for more. */
  toArray(): T {
    return this.#array.slice(0, this.#length) as T;
  }
}

/** A text column whose length is not known yet. */
export class GrowingTextColumn {
  readonly #codes = new GrowingArray((length) => new Int32Array(length));
  readonly #codeOf = new Map<string, number>();

  /**
   * Adds a text.
   *
   * @param isWrong asked of each distinct text once
   * @returns false, and adds nothing, for a wrong one
   */
  push(text: string, isWrong?: (text: string) => boolean): boolean {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      if (isWrong?.(text)) return false;
      code = this.#codeOf.size;
      this.#codeOf.set(ownCopy(text), code);
    }
    this.#codes.push(code);
    return true;
  }

  toColumn(): TextColumn {
    return { codes: this.#codes.toArray(), values: [...this.#codeOf.keys()] };
  }
}

/** A part of a text keeps the whole of it in memory, which may be mostly columns that are ignored. */
function ownCopy(text: string): string {
  const copy = Buffer.from(text).toString();
  // Halves of characters do not survive.
  return copy === text ? copy : text;
}
