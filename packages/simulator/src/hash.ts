import { createHash } from 'node:crypto';

/**
 * The first hex digits of the sha256 of some texts: a name that is always the same and tells nothing.
 *
 * @example
 * hashOf(['simnet', '2025-01-06', '0x…', 'fan_in'], 20);
 */
export function hashOf(parts: readonly (string | number)[], digits: number): string {
  return createHash('sha256').update(parts.join('|')).digest('hex').slice(0, digits);
}
