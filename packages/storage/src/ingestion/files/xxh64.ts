// 64-bit numbers are kept as two 32-bit halves: BigInt is some fifty times slower here.
const PRIME1 = [0x9e3779b1, 0x85ebca87] as const;
const PRIME2 = [0xc2b2ae3d, 0x27d4eb4f] as const;
const PRIME3 = [0x165667b1, 0x9e3779f9] as const;
const PRIME4 = [0x85ebca77, 0xc2b2ae63] as const;
const PRIME5 = [0x27d4eb2f, 0x165667c5] as const;
const STRIPE = 32;

// The result of the last operation, so that no pair is allocated per operation.
let high = 0;
let low = 0;

/**
 * XXH64 with seed 0, over bytes that come in pieces: the checksum of a zstd frame is its low half
 * (xxHash specification 0.1.1, section "XXH64"; RFC 8878, section 3.1.1).
 *
 * @example
 * const hash = new Xxh64();
 * hash.update(bytes);
 * hash.low32(); // unsigned
 */
export class Xxh64 {
  /** The four accumulators, high and low halves in turn. */
  readonly #lanes = new Int32Array(8);
  readonly #rest = new Uint8Array(STRIPE);
  #restLength = 0;
  #total = 0;

  constructor() {
    add(PRIME1[0], PRIME1[1], PRIME2[0], PRIME2[1]);
    this.#setLane(0);
    [high, low] = PRIME2;
    this.#setLane(2);
    add(~PRIME1[0], ~PRIME1[1], 0, 1);
    this.#setLane(6);
  }

  /** Takes more bytes. They are not kept. */
  update(bytes: Uint8Array): void {
    this.#total += bytes.length;
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(STRIPE - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength < STRIPE) return;
      this.#stripes(this.#rest);
      this.#restLength = 0;
    }
    const whole = bytes.length - ((bytes.length - at) % STRIPE);
    if (whole > at) this.#stripes(bytes.subarray(at, whole));
    this.#rest.set(bytes.subarray(whole));
    this.#restLength = bytes.length - whole;
  }

  /** The low 32 bits of the hash of everything so far. */
  low32(): number {
    this.#converge();
    add(high, low, Math.floor(this.#total / 2 ** 32), this.#total);
    const view = new DataView(this.#rest.buffer);
    let at = 0;
    for (; at + 8 <= this.#restLength; at += 8) {
      const [h, l] = [high, low];
      round(0, 0, view.getInt32(at + 4, true), view.getInt32(at, true));
      rotate(h ^ high, l ^ low, 27);
      multiply(high, low, PRIME1[0], PRIME1[1]);
      add(high, low, PRIME4[0], PRIME4[1]);
    }
    if (at + 4 <= this.#restLength) {
      const [h, l] = [high, low];
      multiply(0, view.getInt32(at, true), PRIME1[0], PRIME1[1]);
      rotate(h ^ high, l ^ low, 23);
      multiply(high, low, PRIME2[0], PRIME2[1]);
      add(high, low, PRIME3[0], PRIME3[1]);
      at += 4;
    }
    for (; at < this.#restLength; at++) {
      const [h, l] = [high, low];
      multiply(0, view.getUint8(at), PRIME5[0], PRIME5[1]);
      rotate(h ^ high, l ^ low, 11);
      multiply(high, low, PRIME1[0], PRIME1[1]);
    }
    // The avalanche: h ^= h >> 33, h *= PRIME2, h ^= h >> 29, h *= PRIME3, h ^= h >> 32.
    multiply(high, low ^ (high >>> 1), PRIME2[0], PRIME2[1]);
    multiply(high ^ (high >>> 29), low ^ ((low >>> 29) | (high << 3)), PRIME3[0], PRIME3[1]);
    return (low ^ high) >>> 0;
  }

  #converge(): void {
    if (this.#total < STRIPE) {
      [high, low] = PRIME5;
      return;
    }
    const lanes = this.#lanes;
    const sum: [number, number] = [0, 0];
    for (const [lane, bits] of [
      [0, 1],
      [2, 7],
      [4, 12],
      [6, 18],
    ] as const) {
      rotate(lanes[lane] as number, lanes[lane + 1] as number, bits);
      add(sum[0], sum[1], high, low);
      sum[0] = high;
      sum[1] = low;
    }
    for (let lane = 0; lane < 8; lane += 2) {
      const [h, l] = [high, low];
      round(0, 0, lanes[lane] as number, lanes[lane + 1] as number);
      multiply(h ^ high, l ^ low, PRIME1[0], PRIME1[1]);
      add(high, low, PRIME4[0], PRIME4[1]);
    }
  }

  #stripes(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lanes = this.#lanes;
    for (let at = 0; at < bytes.length; at += 8) {
      const lane = (at >>> 2) & 6;
      const inputLow = view.getInt32(at, true);
      round(lanes[lane] as number, lanes[lane + 1] as number, view.getInt32(at + 4, true), inputLow);
      lanes[lane] = high;
      lanes[lane + 1] = low;
    }
  }

  #setLane(lane: number): void {
    this.#lanes[lane] = high;
    this.#lanes[lane + 1] = low;
  }
}

/** (accumulator + input · PRIME2) rotated left by 31, times PRIME1. */
function round(accHigh: number, accLow: number, inHigh: number, inLow: number): void {
  multiply(inHigh, inLow, PRIME2[0], PRIME2[1]);
  add(accHigh, accLow, high, low);
  rotate(high, low, 31);
  multiply(high, low, PRIME1[0], PRIME1[1]);
}

function add(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const sum = (aLow >>> 0) + (bLow >>> 0);
  low = sum | 0;
  high = (aHigh + bHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
}

/** Left, by 1 to 31 bits. */
function rotate(aHigh: number, aLow: number, bits: number): void {
  high = (aHigh << bits) | (aLow >>> (32 - bits));
  low = (aLow << bits) | (aHigh >>> (32 - bits));
}

/** The low 64 bits of a product: 16-bit pieces keep every intermediate sum exact in a double. */
function multiply(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const a = aLow >>> 0;
  const byLower = a * (bLow & 0xffff);
  const byUpper = a * (bLow >>> 16);
  const carried = Math.floor((byUpper + Math.floor(byLower / 65536)) / 65536);
  high = (carried + Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) | 0;
  low = Math.imul(aLow, bLow);
}
