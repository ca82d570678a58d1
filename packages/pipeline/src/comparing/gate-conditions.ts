import type { StoredModel } from '@risk-scoring/model-storage';
import type { JudgedScores, RowCounts, RowsComparison } from './judge-rows.ts';
import type { JudgingRequest } from './judge-together.ts';

/** What a model must show before an alias is moved to it. */
export interface GateOptions extends JudgingRequest {
  /** By how much its AUC must be above that of the model in office, at least; may be 0 or negative. Not asked for where it is left out. */
  readonly minImprovement?: number | undefined;
  /** Whether the interval of the difference must be above 0 as well. */
  readonly confident?: boolean | undefined;
  /** Its expected calibration error may be this at most; 0.1 when absent. */
  readonly maxEce?: number | undefined;
}

/** What was asked for, and whether it holds. */
export interface GateCondition {
  readonly condition: 'judgeable' | 'improvement' | 'confident' | 'calibrated' | 'no leakage';
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
}

/** What it takes to judge at all: figures of fewer rows say little, and an expected calibration error of few is mostly noise. */
const FEWEST = { rows: 50, positives: 10, groups: 10 } as const;

const DEFAULT_MAX_ECE = 0.1;

/** Whether there is enough to judge on. */
export function conditionJudgeable(
  counts: RowCounts | null,
  { dates, unknown }: { readonly dates: string; readonly unknown: string | undefined },
): GateCondition {
  const expected = `at least ${FEWEST.rows} labelled rows of ${dates} that no model learned from, ${FEWEST.positives} of them suspicious, of ${FEWEST.groups} addresses of each class`;
  if (counts === null)
    return { condition: 'judgeable', passed: false, expected, found: unknown ?? 'nothing' };
  const { rows, positives, positive_groups: suspicious, negative_groups: normal } = counts;
  return {
    condition: 'judgeable',
    passed:
      rows >= FEWEST.rows && positives >= FEWEST.positives && Math.min(suspicious, normal) >= FEWEST.groups,
    expected,
    found: `${rows} rows, ${positives} of them suspicious, of ${suspicious} suspicious and ${normal} normal addresses`,
  };
}

/** Whether the second model is better by as much as was asked for. */
export function conditionsOfImprovement(
  { auc_difference: { difference, interval, level }, first, second }: RowsComparison,
  { minImprovement, confident = false }: GateOptions,
): GateCondition[] {
  const found = `AUC ${signed(difference)} (${shown(second.auc)} against ${shown(first.auc)}), ${level * 100} % interval ${signed(interval[0])} to ${signed(interval[1])}`;
  const least = minImprovement ?? (confident ? 0 : undefined);
  return [
    ...(least === undefined
      ? []
      : [
          {
            condition: 'improvement' as const,
            passed: difference >= least,
            expected: `an AUC that is better by at least ${least}`,
            found,
          },
        ]),
    ...(confident
      ? [
          {
            condition: 'confident' as const,
            passed: interval[0] > 0,
            expected: 'an interval of the difference that is above 0',
            found,
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
  };
}

/** What whoever reads the outcome should know besides. */
export function remarksOn(
  challenger: StoredModel,
  champion: StoredModel | null,
  { minImprovement, confident }: GateOptions,
): string[] {
  const refitted = [challenger, ...(champion ? [champion] : [])].filter(({ metadata }) => metadata.refit);
  const wantsBetter = minImprovement !== undefined || confident === true;
  return [
    ...refitted.map(
      ({ metadata }) =>
        `${metadata.model_id} was refitted on all its rows: the figures that were saved with it are of the model before, and were not used`,
    ),
    ...(champion === null && wantsBetter ? ['there is no model in office to be better than'] : []),
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
