import { type TextColumn, TextIndex, textColumnOf } from '@risk-scoring/contract';

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

/** A text column whose length is not known yet. Its texts are kept as UTF-8: a part of a text would keep the whole of it in memory. */
export class GrowingTextColumn {
  readonly #codes = new GrowingArray((length) => new Int32Array(length));
  readonly #index = new TextIndex();

  /**
   * Adds a text.
   *
   * @param isWrong asked of each distinct text
   * @returns false, and adds nothing, for a wrong one
   */
  push(text: string, isWrong?: (text: string) => boolean): boolean {
    const code = this.#index.addText(text, isWrong);
    if (code < 0) return false;
    this.#codes.push(code);
    return true;
  }

  toColumn(): TextColumn {
    return textColumnOf(this.#index, this.#codes.toArray());
  }
}
