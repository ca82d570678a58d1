/**
 * A seeded source of random numbers: the same seed gives the same numbers on every machine.
 * Not for secrets.
 */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number;
  /** Uniform integer in 0 … bound - 1. */
  integer(bound: number): number;
  /** Standard normal deviate. */
  normal(): number;
  /** Shuffles in place (Fisher–Yates) and returns its argument. */
  shuffle<T extends Int32Array | unknown[]>(items: T): T;
}

/**
 * A generator of its own for one purpose. Give each use its own `stream` so that adding one use does
 * not change the numbers of another.
 *
 * The generator is sfc32 (Doty-Humphrey, PractRand 2010), seeded through splitmix32 steps and run
 * twelve times before its first number; normal deviates are by Marsaglia's polar method (1964).
 *
 * @param seed any integer; its low 32 bits count
 * @param stream a name for the use: `'holdout'`
 * @example
 * const order = createRandom(42, 'holdout').shuffle(Int32Array.from([0, 1, 2, 3]));
 */
export function createRandom(seed: number, stream = ''): Random {
  let state = seed >>> 0;
  for (let i = 0; i < stream.length; i++) state = mix(state ^ stream.charCodeAt(i));
  let a = mix(state);
  let b = mix(a);
  let c = mix(b);
  let counter = 1;
  let spare: number | undefined;

  function bits(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 12; i++) bits();

  const next = () => bits() / 4294967296;
  const integer = (bound: number) => Math.floor(next() * bound);

  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * next() - 1;
      y = 2 * next() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    spare = y * scale;
    return x * scale;
  }

  function shuffle<T extends Int32Array | unknown[]>(items: T): T {
    const list = items as unknown[];
    for (let i = list.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const kept = list[i];
      list[i] = list[j];
      list[j] = kept;
    }
    return items;
  }

  return { next, integer, normal, shuffle };
}

/** One splitmix32 step: adds the golden-ratio increment and scrambles. */
function mix(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) | 0;
}
