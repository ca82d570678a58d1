import { brierScore } from '../probability-metrics.ts';
import { rocAuc } from '../ranking-metrics.ts';
import { EVOLUTION_CLASSES, type EvolutionClass } from './evolution-class.ts';

/** The AUC that the subnet's validator takes where one class is missing. */
const AUC_OF_ONE_CLASS = 0.5;

/** How many alerts are of each class. */
export type EvolutionCounts = Readonly<Record<EvolutionClass, number>>;

/** How a submission fares against what addresses did in the 30 days after. */
export interface Evolution {
  /** Alerts whose address has features at both dates. */
  readonly alerts: number;
  /** Their share of the submitted alerts. */
  readonly coverage: number;
  readonly classes: EvolutionCounts;
  /** 0.4 AUC + 0.3 (1 − Brier) + 0.3 in range; null where no alert is covered. */
  readonly score: number | null;
  /** 0.5 where one class is missing. */
  readonly auc: number | null;
  readonly brier: number | null;
  /** Share of the scores that lie in the range of their class. */
  readonly in_range: number | null;
}

/** Which class dormant and other addresses have for AUC and Brier score. */
export type UndecidedAs = 'by_score' | 'normal';

/**
 * The evolution part. For AUC and Brier score expanding is 1 and benign 0. Of dormant and other addresses nothing is known, and the subnet's
 * validator takes the submission's own word (`by_score`, 1 from 0.5 on), which flatters whatever was submitted; `normal` counts them as 0, so that
 * only facts are left.
 *
 * @param scores of the submitted alerts, 0 to 1
 * @param classes the class of each, undefined where the address has no features at one of the dates
 * @example
 * judgeEvolution(Float64Array.of(0.9, 0.1), ['expanding', 'benign']); // { score: 0.4 + 0.3 × 0.99 + 0.3, … }
 */
export function judgeEvolution(
  scores: Float64Array,
  classes: readonly (EvolutionClass | undefined)[],
  { undecided = 'by_score' }: { readonly undecided?: UndecidedAs } = {},
): Evolution {
  const counts: Record<EvolutionClass, number> = { expanding: 0, benign: 0, dormant: 0, other: 0 };
  const labels: number[] = [];
  const known: number[] = [];
  let fits = 0;
  classes.forEach((name, row) => {
    if (name === undefined) return;
    const score = scores[row];
    counts[name] += 1;
    if (isInRange(name, score)) fits += 1;
    known.push(score);
    labels.push(
      name === 'expanding' || (undecided === 'by_score' && name !== 'benign' && score >= 0.5) ? 1 : 0,
    );
  });
  const coverage = scores.length === 0 ? 0 : known.length / scores.length;
  const facts = { alerts: known.length, coverage, classes: counts };
  if (known.length === 0) return { ...facts, score: null, auc: null, brier: null, in_range: null };
  const [truth, covered] = [Int8Array.from(labels), Float64Array.from(known)];
  const auc = new Set(labels).size < 2 ? AUC_OF_ONE_CLASS : rocAuc(truth, covered);
  const brier = brierScore(truth, covered);
  const inRange = fits / known.length;
  return { ...facts, score: 0.4 * auc + 0.3 * (1 - brier) + 0.3 * inRange, auc, brier, in_range: inRange };
}

function isInRange(name: EvolutionClass, score: number): boolean {
  return EVOLUTION_CLASSES.some((known) => known.name === name && score >= known.from && score <= known.to);
}
