import { InvalidInputError } from '@risk-scoring/contract';
import { show } from './json.ts';

/** @throws {InvalidInputError} for what is no whole number from `least` to `most` */
export function assertWhole(what: string, value: unknown, [least, most]: readonly [number, number]): void {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
  throw new InvalidInputError({
    what,
    expected: `a whole number from ${least} to ${most}`,
    found: show(value),
  });
}

/** @throws {InvalidInputError} for what is no direction */
export function assertDirection(value: unknown): void {
  if (value === 'maximize' || value === 'minimize') return;
  throw new InvalidInputError({
    what: 'The direction',
    expected: "'maximize' or 'minimize'",
    found: show(value),
  });
}

/** Seeds are those of the contract's generator: their low 32 bits count. */
export const SEED_RANGE = [0, 2 ** 32 - 1] as const;
