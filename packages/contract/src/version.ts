import { UnsupportedSpecificationError } from './errors.ts';

/** The version of the contract that this package describes. */
export const SPECIFICATION_VERSION = 'v1';

/** The tag every implementation carries, so that a later contract can tell old packages apart. */
export type SpecificationVersion = typeof SPECIFICATION_VERSION;

/**
 * Refuses an implementation written for another contract version, before any of its methods is called.
 *
 * @param implementation a strategy, trainer or splitter, from this repository or from elsewhere
 * @param kind what it claims to be, for the message: `'LabelStrategy'`
 * @throws {UnsupportedSpecificationError} when `specificationVersion` is absent or not `'v1'`
 * @example
 * assertSpecificationVersion(await import('./my-strategy.js'), 'LabelStrategy');
 */
export function assertSpecificationVersion(implementation: unknown, kind: string): void {
  const found =
    typeof implementation === 'object' && implementation !== null
      ? (implementation as { specificationVersion?: unknown }).specificationVersion
      : undefined;
  if (found !== SPECIFICATION_VERSION) {
    throw new UnsupportedSpecificationError({ kind, found, expected: SPECIFICATION_VERSION });
  }
}
