import type { PairedDifference } from '@risk-scoring/evaluation';
import type { StoredModel } from '@risk-scoring/model-storage';
import { MORE_SNAPSHOTS } from './gate-judgeable.ts';
import type { DecidingFigure, JudgedScores, RowCounts, RowsComparison } from './judge-rows.ts';
import type { JudgingRequest } from './judge-together.ts';

/** What a model must show before an alias is moved to it. */
export interface GateOptions extends JudgingRequest {
  /** By how much its AUC, of an alert_ranker its NDCG@10, must be above that of the model in office, at least; may be 0 or negative. Not asked for where it is left out. */
  readonly minImprovement?: number | undefined;
  /** Whether the interval of the difference must be above 0 as well. */
  readonly confident?: boolean | undefined;
  /** Its expected calibration error may be this at most; 0.1 when absent. */
  readonly maxEce?: number | undefined;
}

/** Whether a model must show that it is better than the one in office. */
export function asksForImprovement({ minImprovement, confident }: GateOptions): boolean {
  return minImprovement !== undefined || confident === true;
}

/** What was asked for, and whether it holds. */
export interface GateCondition {
  readonly condition: 'judgeable' | 'improvement' | 'confident' | 'calibrated' | 'no leakage';
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** What helps where it does not hold. */
  readonly advice: string;
}

const BETTER_MODEL = 'train a better model';

const DEFAULT_MAX_ECE = 0.1;

const FIGURE_NAMES: Readonly<Record<DecidingFigure, string>> = { auc: 'AUC', 'ndcg@10': 'NDCG@10' };

/** The figure that tells which of two models is better, in words; with the AUC beside it where that is another one. */
function improvementOf({ decided_by: by, first, second, ...rows }: RowsComparison) {
  const { auc_difference: auc, ranking_difference: ranking } = rows;
  const narrow = rows.intervals_too_narrow ? ', which is too narrow with fewer than 20 of a class' : '';
  const show = (name: DecidingFigure, paired: PairedDifference, [before, after]: readonly [number, number]) =>
    `${FIGURE_NAMES[name]} ${signed(paired.difference)} (${shown(after)} against ${shown(before)}), ${auc.level * 100} % interval ${signed(paired.interval[0])} to ${signed(paired.interval[1])}${narrow}`;
  const ofAuc = show('auc', auc, [first.auc, second.auc]);
  const ndcg = ranking?.ndcg['10'];
  if (by === 'auc' || ndcg === undefined) return { name: FIGURE_NAMES.auc, paired: auc, found: ofAuc };
  const of = (scores: JudgedScores) => scores.ranking?.ndcg['10'] ?? Number.NaN;
  const found = `${show('ndcg@10', ndcg, [of(first), of(second)])}; beside it ${ofAuc}`;
  return { name: FIGURE_NAMES['ndcg@10'], paired: ndcg, found };
}

/** Whether the second model is better by as much as was asked for. */
export function conditionsOfImprovement(
  comparison: RowsComparison,
  { minImprovement, confident = false }: GateOptions,
): GateCondition[] {
  const {
    name,
    paired: { difference, interval },
    found,
  } = improvementOf(comparison);
  const least = minImprovement ?? (confident ? 0 : undefined);
  return [
    ...(least === undefined
      ? []
      : [
          {
            condition: 'improvement' as const,
            passed: difference >= least,
            expected: `an ${name} that is better by at least ${least}`,
            found,
            advice: BETTER_MODEL,
          },
        ]),
    ...(confident
      ? [
          {
            condition: 'confident' as const,
            passed: interval[0] > 0,
            expected: `an interval of the difference of the ${name} that is above 0`,
            found,
            advice: difference > 0 ? MORE_SNAPSHOTS : BETTER_MODEL,
          },
        ]
      : []),
  ];
}

/** Whether scores are what they promise; nothing where they are no probabilities. */
export function conditionsOfCalibration(
  { ece }: JudgedScores,
  {
    challenger: { metadata },
    counts,
    options: { maxEce = DEFAULT_MAX_ECE },
  }: {
    readonly challenger: StoredModel;
    readonly counts: RowCounts | null;
    readonly options: GateOptions;
  },
): GateCondition[] {
  if (ece === null) return [];
  // Addresses that no model has met are often newer, and oftener suspicious, than those of the training: then part of the error is the mix of rows.
  const rates =
    counts === null || counts.rows === 0
      ? ''
      : `, on rows of which ${percent(counts.positives / counts.rows)} are suspicious, against ${percent(metadata.data_stats.positive_rate)} in training`;
  return [
    {
      condition: 'calibrated',
      passed: ece <= maxEce,
      expected: `an expected calibration error of at most ${maxEce}`,
      found: `an expected calibration error of ${shown(ece)}${rates}`,
      advice: `${MORE_SNAPSHOTS}, or allow more where these rows are more suspicious than those it learned from (--max-ece)`,
    },
  ];
}

/** Whether the training found no leak. */
export function conditionOfLeakage({ metadata: { leakage_check: check } }: StoredModel): GateCondition {
  const findings = check.findings ?? [];
  return {
    condition: 'no leakage',
    passed: check.passed,
    expected: 'a training whose leakage check passed',
    found: check.passed
      ? 'it did'
      : `it found ${findings.map((finding) => `${finding.check}: ${finding.found}`).join(', ') || 'something'}`,
    advice: 'train it again without what leaks',
  };
}

/** What whoever reads the outcome should know besides. */
export function remarksOn(
  challenger: StoredModel,
  champion: StoredModel | null,
  options: GateOptions,
): string[] {
  const refitted = [challenger, ...(champion ? [champion] : [])].filter(({ metadata }) => metadata.refit);
  return [
    ...refitted.map(
      ({ metadata }) =>
        `${metadata.model_id} was refitted on all its rows: the figures that were saved with it are of the model before, and were not used`,
    ),
    ...(champion === null && asksForImprovement(options)
      ? ['there is no model in office to be better than']
      : []),
    ...(challenger.metadata.model_type === 'alert_ranker'
      ? ['the scores of an alert_ranker are no probabilities, so their calibration was not judged']
      : []),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function shown(value: number): string {
  return value.toFixed(4);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
