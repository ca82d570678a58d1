/** From where on a distribution has shifted somewhat, and from where on it has shifted. */
export const PSI_SOME = 0.1;
export const PSI_MUCH = 0.25;

/** An index, what it stays below by chance and what is usual among snapshots of the training, where that is known. */
export interface Stability {
  readonly psi: number;
  readonly psi_by_chance?: number;
  readonly psi_in_training?: number | null;
}

/**
 * The usual reading of a population stability index: below 0.1 stable, to 0.25 some shift, above it a shift; what chance explains, or
 * is usual among snapshots of the training, is no shift, however large.
 * Source of the index and of these bounds: N. Siddiqi, Credit Risk Scorecards (Wiley, 2006).
 */
export function readPsi({ psi, psi_by_chance: chance = 0, psi_in_training: inTraining }: Stability): string {
  if (psi < PSI_SOME) return 'stable';
  if (psi <= chance) return 'within chance';
  if (psi <= (inTraining ?? 0)) return 'usual';
  return psi < PSI_MUCH ? 'some shift' : 'shifted';
}
