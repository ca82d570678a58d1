import type { Pointer } from './c-api.ts';
import { call } from './library.ts';
import { loadKoffi } from './load-koffi.ts';

/** The `int` that a call writes. */
export function readInt(fill: (out: Int32Array) => void): number {
  const out = new Int32Array(1);
  fill(out);
  return out[0] as number;
}

/** The pointer that a call writes. */
export function readPointer(fill: (out: BigUint64Array) => void): Pointer {
  const out = new BigUint64Array(1);
  fill(out);
  return out[0] as bigint;
}

/** The text of a call that says how long it is when the buffer is too short. */
export function readText(fill: (buffer: Uint8Array, outLength: BigInt64Array) => void): string {
  const length = new BigInt64Array(1);
  let buffer = Buffer.alloc(1 << 16);
  fill(buffer, length);
  if (Number(length[0]) > buffer.length) {
    buffer = Buffer.alloc(Number(length[0]));
    fill(buffer, length);
  }
  // The length counts the terminating zero.
  return buffer.toString('utf8', 0, Number(length[0]) - 1);
}

/** The list of texts that `LGBM_BoosterGetEvalNames` and `LGBM_BoosterGetFeatureNames` write. */
export function readNames(
  name: 'LGBM_BoosterGetEvalNames' | 'LGBM_BoosterGetFeatureNames',
  booster: Pointer,
  count: number,
): string[] {
  if (count === 0) return [];
  const outCount = new Int32Array(1);
  const outLength = new BigUint64Array(1);
  let length = 64;
  for (;;) {
    const buffer = Buffer.alloc(count * length);
    const start = loadKoffi().address(buffer);
    const pointers = BigUint64Array.from({ length: count }, (_, i) => start + BigInt(i * length));
    call(name, booster, count, outCount, length, outLength, pointers);
    if (Number(outLength[0]) <= length) {
      return Array.from({ length: count }, (_, i) => zeroTerminated(buffer, i * length));
    }
    length = Number(outLength[0]);
  }
}

function zeroTerminated(buffer: Buffer, start: number): string {
  return buffer.toString('utf8', start, buffer.indexOf(0, start));
}
