import { type FeatureMatrix, LeakageError, type Splitter } from '@risk-scoring/contract';
import { sharedGroups, singleFeatureAucs } from '@risk-scoring/evaluation';
import type { LabelLeaks } from './label-leaks.ts';
import { groupsOfClasses } from './labelling/groups-of-classes.ts';
import type { PermutationOutcome } from './permutation-test.ts';
import type { TrainingPlan } from './training-plan.ts';

/** A feature that alone orders the training rows this well knows the answer. */
export const SUSPICIOUS_FEATURE_AUC = 0.99;

/** Below this many addresses of either class, a feature can look perfect by chance among a hundred. */
const fewestGroups = 20;

/** Something that lets a model know what it must not. */
export interface LeakageFinding {
  readonly check:
    | 'label columns'
    | 'later labels'
    | 'single feature'
    | 'groups on both sides'
    | 'permutation test';
  /** What was found, in a sentence. */
  readonly found: string;
  readonly remedy: string;
}

/** What the checks saw; kept in the model's metadata. */
export interface LeakageReport {
  /** Whether nothing was found. A training with findings goes on only where that is allowed. */
  readonly passed: boolean;
  readonly findings: readonly LeakageFinding[];
  /** `no labels`: nothing to judge a feature by. `too few addresses`: with fewer than 20 of a class, a feature can look perfect by chance, so none was judged. */
  readonly features: 'checked' | 'too few addresses' | 'no labels';
  readonly strongest_feature: string | null;
  readonly strongest_feature_auc: number | null;
  /** Split groups (addresses) of the holdout of which the model may learn other rows, and their share of the holdout's. */
  readonly groups_on_both_sides: { readonly groups: number; readonly share: number } | null;
  /** How a model of shuffled labels did on the holdout's shuffled labels; null where it was not asked for. */
  readonly permutation_test: PermutationOutcome | null;
}

/**
 * The gate that every training passes: no column made of labels or of later labels, no single feature that tells the labels of the training rows
 * apart almost perfectly, and no split group on both sides of the holdout where the splitter promises it.
 */
export function checkLeakage(
  matrix: FeatureMatrix,
  { judging, holdout, rows }: Pick<TrainingPlan, 'judging' | 'holdout' | 'rows'>,
  { splitter, splitGroups, learned, labelLeaks }: LeakageContext,
): LeakageReport {
  const findings = labelFindings(labelLeaks);
  const nothing = { strongest_feature: null, strongest_feature_auc: null, permutation_test: null };
  if (judging === undefined) {
    return {
      passed: findings.length === 0,
      findings,
      features: 'no labels',
      groups_on_both_sides: null,
      ...nothing,
    };
  }
  const shared = sharedGroups(splitGroups, { train: learned, test: holdout.test });
  if (shared.groups > 0 && splitter.disjoint !== false) {
    const trained = new Set(Array.from(learned, (row) => splitGroups[row]));
    const example = holdout.test.find((row) => trained.has(splitGroups[row])) ?? -1;
    findings.push({
      check: 'groups on both sides',
      found: `${shared.groups} addresses are on both sides of the holdout, though the split '${splitter.name}' promises otherwise, among them ${rows.splitGroupNames[rows.splitGroups[example] ?? -1] ?? '?'}`,
      remedy: 'mend the splitter',
    });
  }
  const aucs = singleFeatureAucs(matrix, judging.labels, holdout.train);
  const strongest = aucs.reduce((best, auc, column) => (auc > (aucs[best] ?? 0) ? column : best), 0);
  const suspects = matrix.columns.filter((_, column) => (aucs[column] ?? 0) >= SUSPICIOUS_FEATURE_AUC);
  const enough = hasEnoughGroups(matrix, judging.labels, holdout.train);
  if (suspects.length > 0 && enough) {
    const named = suspects.map(
      (column) =>
        `${column.name} (group ${column.group}): ${aucs[matrix.columns.indexOf(column)]?.toFixed(4)}`,
    );
    findings.push({
      check: 'single feature',
      found: `features that alone give the label away, with a single-feature AUC of ${SUSPICIOUS_FEATURE_AUC} or more on the training rows: ${named.join(', ')}`,
      remedy: 'find out how the label got into that column and mend it where the column is made',
    });
  }
  const auc = aucs[strongest] ?? Number.NaN;
  return {
    passed: findings.length === 0,
    findings,
    features: enough ? 'checked' : 'too few addresses',
    strongest_feature: matrix.columns[strongest]?.name ?? null,
    strongest_feature_auc: Number.isFinite(auc) ? auc : null,
    groups_on_both_sides: shared,
    permutation_test: null,
  };
}

/** What the checks need besides rows and columns. */
export interface LeakageContext {
  readonly splitter: Splitter;
  /** What must not straddle the split, per row. */
  readonly splitGroups: Int32Array;
  /** Rows that the model may learn from. */
  readonly learned: Int32Array;
  readonly labelLeaks: LabelLeaks;
}

/**
 * A report with the permutation test's outcome: shuffled labels cannot be learned, unless a model recognises addresses. Where the split promises that it
 * never meets one again, that is a leak; where it does not, the figure says what recognising them is worth.
 */
export function withPermutationTest(
  report: LeakageReport,
  outcome: PermutationOutcome,
  { disjoint }: Pick<Splitter, 'disjoint'>,
): LeakageReport {
  if ('skipped' in outcome) return { ...report, permutation_test: outcome };
  const [low, high] = outcome.interval;
  const finding: LeakageFinding = {
    check: 'permutation test',
    found: `a model of shuffled labels has an AUC of ${outcome.auc.toFixed(3)} (99 % interval ${low.toFixed(3)} to ${high.toFixed(3)}) on shuffled labels of the holdout, where chance gives 0.5`,
    remedy: 'choose a split that keeps every address on one side, such as --split address',
  };
  const leaks = low > 0.5 && disjoint !== false;
  const findings = leaks ? [...report.findings, finding] : report.findings;
  return { ...report, passed: findings.length === 0, findings, permutation_test: outcome };
}

/**
 * Ends a training whose checks found something.
 *
 * @throws {LeakageError} with every finding
 */
export function refuseLeaks({ findings }: LeakageReport): void {
  if (findings.length === 0) return;
  throw new LeakageError({
    summary: 'The model would know what it must not.',
    expected:
      'no column made of labels or of later ones, no feature that alone gives the label away, no address on both sides, chance alone on shuffled labels',
    found: findings.map(({ check, found }) => `${check}: ${found}`).join('; '),
    remedy: `${findings.map(({ remedy }) => remedy).join('; ')}; or go on with --allow-leakage, which the metadata will say`,
  });
}

function labelFindings({ undeclared, later }: LabelLeaks): LeakageFinding[] {
  const findings: LeakageFinding[] = [];
  if (undeclared.length > 0) {
    findings.push({
      check: 'label columns',
      found: `columns made of labels by groups that do not say so: ${undeclared.join(', ')}`,
      remedy: 'declare readsLabels in the feature group, so that labels are hidden where they must be',
    });
  }
  if (later.length > 0) {
    findings.push({
      check: 'later labels',
      found: `columns that know labels published after their row's date: ${later.join(', ')}`,
      remedy: 'use labels of the row’s date and earlier only',
    });
  }
  return findings;
}

function hasEnoughGroups(matrix: FeatureMatrix, labels: Int8Array, rows: Int32Array): boolean {
  return Math.min(...groupsOfClasses(labels, matrix.splitGroups, rows)) >= fewestGroups;
}
