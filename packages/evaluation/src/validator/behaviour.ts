import { addressConsistency } from './address-consistency.ts';
import { rankAgreement } from './rank-agreement.ts';
import { scoreEntropy } from './score-entropy.ts';
import { scoreStability } from './score-stability.ts';

/** What behaviour is taken from; all arrays are of the same alerts, each with a score. */
export interface BehaviourRequest {
  readonly scores: Float64Array;
  /** The median of all submissions, this one among them. */
  readonly medians: Float64Array;
  /** The submission's own scores of the previous date, NaN where an alert has none; all NaN where there is no such date. */
  readonly before: Float64Array;
  /** The address of each alert, as a code ≥ 0. */
  readonly addresses: Int32Array;
}

/** How a submission behaves, whatever is true; each figure from 0 to 1. */
export interface Behaviour {
  /** A quarter of each of the others. */
  readonly score: number;
  /** See {@link scoreEntropy}. */
  readonly entropy: number;
  /** See {@link rankAgreement}. */
  readonly rank_agreement: number;
  /** See {@link scoreStability}. */
  readonly stability: number;
  /** See {@link addressConsistency}. */
  readonly address_consistency: number;
}

/**
 * The behaviour of a submission, as the subnet's validator weighs it: four figures, 0.25 each.
 *
 * @example
 * const behaviour = judgeBehaviour({ scores, medians: scores, before: new Float64Array(scores.length).fill(Number.NaN), addresses });
 * behaviour.rank_agreement; // 1, standing alone
 */
export function judgeBehaviour({ scores, medians, before, addresses }: BehaviourRequest): Behaviour {
  const figures = {
    entropy: scoreEntropy(scores),
    rank_agreement: rankAgreement(scores, medians),
    stability: scoreStability(scores, before),
    address_consistency: addressConsistency(scores, addresses),
  };
  const sum = Object.values(figures).reduce((total, figure) => total + figure, 0);
  return { score: 0.25 * sum, ...figures };
}
