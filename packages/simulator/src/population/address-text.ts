import { createRandom, type Random } from '@risk-scoring/contract';

const BYTES = 20;

/**
 * Random `0x…` addresses of 20 bytes, for as long as one asks. They come from a stream of their own, so that
 * their spelling says nothing of what they stand for.
 *
 * @example
 * const next = addressTexts(1, 'outsiders');
 * next(); // '0x…', 40 hex digits
 */
export function addressTexts(seed: number, stream: string): () => string {
  const random: Random = createRandom(seed, `address text/${stream}`);
  const words = Buffer.alloc(BYTES);
  return () => {
    for (let byte = 0; byte < BYTES; byte += 4) words.writeUInt32BE(random.integer(2 ** 32), byte);
    return `0x${words.toString('hex')}`;
  };
}
