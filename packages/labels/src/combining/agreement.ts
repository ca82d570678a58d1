import { type LabelSet, UNLABELLED } from '@risk-scoring/contract';

/** How far two strategies agree on the rows that both label. */
export interface Agreement {
  readonly strategies: readonly [string, string];
  /** Rows that both label. */
  readonly rows: number;
  /** Of these, rows with the same label. */
  readonly equal: number;
  /**
   * Cohen's kappa (Cohen 1960): (p_o − p_e) / (1 − p_e), p_o the share of equal labels and p_e the share that would be equal by chance; 1 is full
   * agreement, 0 that of chance; null where there is none to compare, or chance alone gives full agreement.
   */
  readonly kappa: number | null;
}

/**
 * How far each pair of strategies agrees.
 *
 * @example
 * agreementsOf([{ name: 'address', labelSet: a }, { name: 'proxy', labelSet: b }])[0]?.kappa;
 */
export function agreementsOf(
  parts: readonly { readonly name: string; readonly labelSet: Pick<LabelSet, 'labels'> }[],
): Agreement[] {
  return parts.flatMap((first, index) =>
    parts.slice(index + 1).map((second) => ({
      strategies: [first.name, second.name] as const,
      ...agreement(first.labelSet.labels, second.labelSet.labels),
    })),
  );
}

function agreement(a: Int8Array, b: Int8Array): Omit<Agreement, 'strategies'> {
  let [rows, equal, ofA, ofB] = [0, 0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    if (a[row] === UNLABELLED || b[row] === UNLABELLED) continue;
    rows += 1;
    if (a[row] === b[row]) equal += 1;
    if (a[row] === 1) ofA += 1;
    if (b[row] === 1) ofB += 1;
  }
  if (rows === 0) return { rows, equal, kappa: null };
  const [pA, pB] = [ofA / rows, ofB / rows];
  const chance = pA * pB + (1 - pA) * (1 - pB);
  return { rows, equal, kappa: chance === 1 ? null : (equal / rows - chance) / (1 - chance) };
}
