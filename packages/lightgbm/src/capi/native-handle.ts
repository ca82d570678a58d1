import { LightGBMDisposedError } from '../errors.ts';
import type { Pointer } from './c-api.ts';

/**
 * Something that LightGBM owns and that must be freed once. It is freed when it was disposed of and the last
 * one who retained it let go: a booster reads its training data as long as it lives.
 */
export class NativeHandle {
  readonly #what: string;
  readonly #free: (pointer: Pointer) => void;
  readonly #pointer: Pointer;
  #retained = 0;
  #disposed = false;

  constructor(what: string, pointer: Pointer, free: (pointer: Pointer) => void) {
    this.#what = what;
    this.#pointer = pointer;
    this.#free = free;
  }

  /** @throws {LightGBMDisposedError} after `dispose` */
  get pointer(): Pointer {
    if (this.#disposed) throw new LightGBMDisposedError({ what: this.#what });
    return this.#pointer;
  }

  retain(): void {
    this.#retained += 1;
  }

  release(): void {
    this.#retained -= 1;
    if (this.#disposed && this.#retained === 0) this.#free(this.#pointer);
  }

  /** May be called again; only the first call counts. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#retained === 0) this.#free(this.#pointer);
  }
}
