/** Gives the next number of a seeded sequence, uniform in [0, 1). */
export type Random = () => number;

/**
 * The same seed gives the same numbers on every machine. The generator adds the golden ratio's fraction at each
 * step and scrambles the sum with the finaliser of MurmurHash3 (Appleby 2011).
 *
 * @example
 * const random = createRandom(1);
 * random() < 0.5;
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let hash = state;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
  };
}
