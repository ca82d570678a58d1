/** `missing`: the product, or a part of it, cannot work like this; `warning`: it can, but something is odd or short. */
export type CheckStatus = 'ok' | 'warning' | 'missing';

/** What was found about one part of the machine. */
export interface MachineCheck {
  /** `memory`, `LightGBM`: unique within a report. */
  readonly name: string;
  readonly status: CheckStatus;
  /** What there is, in a line. */
  readonly found: string;
  /** What there should be; always there where the status is not `ok`. */
  readonly expected?: string;
  /** What the reader can do about it; several commands stand on lines of their own. */
  readonly remedy?: string;
}

/**
 * The worst status of some checks.
 *
 * @example
 * worstStatus([{ name: 'memory', status: 'warning', found: '2 GB' }]); // 'warning'
 */
export function worstStatus(checks: readonly MachineCheck[]): CheckStatus {
  if (checks.some(({ status }) => status === 'missing')) return 'missing';
  return checks.some(({ status }) => status === 'warning') ? 'warning' : 'ok';
}
