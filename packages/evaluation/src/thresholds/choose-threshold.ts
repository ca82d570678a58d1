import { InvalidInputError } from '@risk-scoring/contract';
import { confusionAt } from '../confusion.ts';
import { checkBothClasses, checkProbabilities, type Scores, type Weights } from '../scored-rows.ts';
import { type BudgetAlerts, checkBudgetAlerts, flaggedPerDay, thresholdWithin } from './alert-budget.ts';
import { decisionSteps, type Step } from './label-steps.ts';
import { checkThresholdRule, type ThresholdRule } from './threshold-rule.ts';

/** Labelled rows that the model did not learn from, and what the threshold is to achieve. */
export interface ThresholdRequest {
  /** 0 or 1 per row. */
  readonly labels: Int8Array;
  /** Probabilities, 0..1, calibrated as those that the threshold will be compared with. */
  readonly scores: Scores;
  readonly weights?: Weights;
  readonly rule: ThresholdRule;
  /** Scores of all alerts of some snapshots, labelled or not. Needed for a budget; with any rule they give `flagged_per_day`. */
  readonly budgetScores?: Scores;
  /** The snapshot (processing date) of each of `budgetScores`. */
  readonly budgetSnapshots?: Int32Array;
}

/** A threshold and what it makes of the rows it was chosen on, as plain JSON. Flagged means score >= threshold. */
export interface ChosenThreshold {
  readonly rule: ThresholdRule;
  /** 0..1. */
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Alerts flagged in a snapshot on average; absent where the alerts were not given. */
  readonly flagged_per_day?: number;
}

/** No threshold achieves what the rule asks for. */
export interface NoThreshold {
  readonly rule: ThresholdRule;
  readonly threshold: null;
  readonly reason: string;
}

/**
 * Chooses the threshold that a rule asks for. Thresholds lie midway between neighbouring distinct scores, so that rounding does not change what is
 * flagged; flagging everything is a threshold at the lowest score, flagging nothing (for a budget only) one above the highest.
 *
 * - `f1`: the highest F1; of equal ones, the highest threshold
 * - `precision`: of the thresholds with at least this precision, the one of highest recall, then highest precision
 * - `recall`: of the thresholds with at least this recall, the one of highest precision, then highest recall
 * - `budget`: the lowest threshold that flags at most so many of `budgetScores` per snapshot that has any
 *
 * Figures are those on the rows at hand and so a little too good for others: judge the threshold on rows that did not choose it.
 *
 * @throws {SingleClassError} when a class has no weight
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label or arrays of unequal length
 * @throws {InvalidInputError} on a rule that cannot be meant, or a budget without alerts
 * @example
 * const chosen = chooseThreshold({ labels, scores, rule: parseThresholdRule('precision:0.9') });
 * if (chosen.threshold === null) console.warn(chosen.reason);
 */
export function chooseThreshold(request: ThresholdRequest): ChosenThreshold | NoThreshold {
  const { labels, scores, weights, rule } = request;
  checkThresholdRule(rule);
  checkProbabilities(labels, scores, weights);
  checkBothClasses(labels, scores, weights);
  const alerts = alertsOf(request);
  if (rule.by === 'budget') return byBudget(request, rule, alerts);

  let best: Step | undefined;
  let highestPrecision: Step | undefined;
  for (const step of decisionSteps({ labels, scores, weights })) {
    if (highestPrecision === undefined || step.precision > highestPrecision.precision)
      highestPrecision = step;
    if (isAllowed(rule, step) && (best === undefined || isBetter(rule, step, best))) best = step;
  }
  if (best === undefined) {
    const { precision = 0, recall = 0 } = highestPrecision ?? {};
    const reason = `the highest precision is ${precision.toFixed(4)}, at a recall of ${recall.toFixed(4)}`;
    return { rule, threshold: null, reason };
  }
  const { threshold, precision, recall, f1 } = best;
  return { rule, threshold, precision, recall, f1, ...flaggedBy(threshold, alerts) };
}

function byBudget(
  { labels, scores, weights }: ThresholdRequest,
  rule: Extract<ThresholdRule, { by: 'budget' }>,
  alerts: BudgetAlerts | undefined,
): ChosenThreshold | NoThreshold {
  if (alerts === undefined) {
    throw new InvalidInputError({
      what: 'The budget',
      expected:
        'budgetScores and budgetSnapshots: the scores of all alerts, labelled or not, and their snapshots',
      found: undefined,
    });
  }
  const threshold = thresholdWithin(alerts, rule.alertsPerDay);
  if (threshold === undefined) {
    const fewest = flaggedPerDay(alerts, 1);
    return {
      rule,
      threshold: null,
      reason: `${fewest.toFixed(2)} alerts a day score 1, the highest there is`,
    };
  }
  const options = weights === undefined ? { threshold } : { threshold, weights };
  const { precision, recall, f1 } = confusionAt(labels, scores, options);
  return { rule, threshold, precision, recall, f1, ...flaggedBy(threshold, alerts) };
}

function isAllowed(rule: Exclude<ThresholdRule, { by: 'budget' }>, step: Step): boolean {
  return rule.by === 'f1' || step[rule.by] >= rule.atLeast;
}

/** Steps come with falling thresholds, so that of equals the highest threshold stays. */
function isBetter({ by }: Exclude<ThresholdRule, { by: 'budget' }>, step: Step, best: Step): boolean {
  if (by === 'f1') return step.f1 > best.f1;
  const other = by === 'precision' ? 'recall' : 'precision';
  return step[other] > best[other] || (step[other] === best[other] && step[by] > best[by]);
}

function flaggedBy(threshold: number, alerts: BudgetAlerts | undefined): { flagged_per_day?: number } {
  return alerts === undefined ? {} : { flagged_per_day: flaggedPerDay(alerts, threshold) };
}

function alertsOf({ budgetScores, budgetSnapshots }: ThresholdRequest): BudgetAlerts | undefined {
  if (budgetScores === undefined && budgetSnapshots === undefined) return undefined;
  if (budgetScores === undefined || budgetSnapshots === undefined) {
    throw new InvalidInputError({
      what: 'The list of alerts',
      expected: 'budgetScores and budgetSnapshots, both or neither',
      found: `${budgetScores === undefined ? 'budgetSnapshots' : 'budgetScores'} alone`,
    });
  }
  const alerts = { scores: budgetScores, snapshots: budgetSnapshots };
  checkBudgetAlerts(alerts);
  return alerts;
}
