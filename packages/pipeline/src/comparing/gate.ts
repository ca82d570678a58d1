import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { UsedStrategy } from '../labelling/label-snapshot.ts';
import {
  conditionOfLeakage,
  conditionsOfCalibration,
  conditionsOfImprovement,
  type GateCondition,
  type GateOptions,
  remarksOn,
} from './gate-conditions.ts';
import { conditionJudgeable, type UnknownLearning } from './gate-judgeable.ts';
import {
  countRows,
  type DecidingFigure,
  decidingFigure,
  type JudgedScores,
  judgePair,
  judgeScores,
  type RowCounts,
  type RowsComparison,
  unseenRows,
} from './judge-rows.ts';
import { assertComparable, judgeTogether } from './judge-together.ts';

/** What a gate saw, as plain JSON. */
export interface GateReport {
  readonly passed: boolean;
  readonly conditions: readonly GateCondition[];
  readonly challenger: string;
  /** The model in office that it was compared with; null where there was none, and so nothing to be better than. */
  readonly champion: string | null;
  /** The figure whose improvement was asked for, if one was. */
  readonly decided_by: DecidingFigure;
  /** Which snapshots, in words. */
  readonly judged_on: string;
  readonly labels: UsedStrategy;
  /** The rows that none of the models learned from; null where nobody can tell which these are. */
  readonly rows: RowCounts | null;
  /** Figures on these rows: of both models, or of the challenger alone; null where they were too few. */
  readonly comparison: RowsComparison | null;
  readonly challenger_alone: JudgedScores | null;
  readonly remarks: readonly string[];
}

/** A model that may not take an alias. Nothing was moved. */
export class GateNotPassedError extends RiskScoringError {
  readonly report: GateReport;

  constructor(report: GateReport, { alias, network }: { readonly alias: string; readonly network: string }) {
    const failed = report.conditions.filter(({ passed }) => !passed);
    super({
      code: 'GATE_NOT_PASSED',
      category: 'model',
      summary: `${report.challenger} may not become ${alias}: ${failed.length} of ${report.conditions.length} conditions failed. Nothing was moved.`,
      expected: failed.map(({ expected }) => expected).join('; '),
      found: report.conditions
        .map(({ condition, passed, found }) => `${passed ? 'passed' : 'FAILED'}: ${condition} (${found})`)
        .join('; '),
      remedy: [
        ...new Set(failed.map(({ advice }) => advice)),
        `or promote it without a gate: npx risk-scoring models promote ${report.challenger} --network ${network} --alias ${alias}`,
      ].join('; '),
    });
    this.report = report;
  }

  /** With all that the gate saw. */
  override toJSON(): Record<string, string> & { report: GateReport } {
    return Object.assign(super.toJSON(), { report: this.report });
  }
}

/**
 * Judges whether a model may take the place of another one, on the labelled rows of some snapshots whose addresses neither may have learned from. No
 * figure of the models' metadata counts: those are of other rows, and a refitted model's are of the model before it.
 *
 * @param champion the model in office; null where there is none, and then only what it takes by itself is asked for
 * @throws {InvalidInputError} for limits that cannot be meant
 * @throws {ModelsNotComparableError} for models of other networks, types or windows
 * @throws {NoLabelsToCompareByError} when no row has a label
 */
export async function checkGate(
  database: Database,
  { challenger, champion }: { readonly challenger: StoredModel; readonly champion: StoredModel | null },
  options: GateOptions,
): Promise<GateReport> {
  checkLimits(options, challenger);
  if (champion) assertComparable(champion, challenger, database.network);
  else assertComparable(challenger, challenger, database.network);
  const models: readonly [StoredModel, ...StoredModel[]] = champion ? [champion, challenger] : [challenger];
  const judged = await judgeTogether(database, models, options);
  const { scored, learned, strategy, probabilities, resampling, dates } = judged;
  const unknown = models.flatMap((model, which): UnknownLearning[] => {
    const from = learned[which];
    return from?.known === false ? [{ model, reason: from.reason, inOffice: model !== challenger }] : [];
  });
  const rows = unseenRows(scored);
  const counts = unknown.length === 0 ? countRows(rows) : null;
  const judgeable = conditionJudgeable(counts, { dates, challenger, unknown });
  const judging = { ...resampling, probabilities };
  const comparison = judgeable.passed && champion ? judgePair(rows, judging) : null;
  const alone = judgeable.passed && !champion ? judgeScores(rows, 0, judging) : null;
  const figures = comparison?.second ?? alone;
  const conditions: GateCondition[] = [
    judgeable,
    ...(comparison ? conditionsOfImprovement(comparison, options) : []),
    ...(figures ? conditionsOfCalibration(figures, { challenger, counts, options }) : []),
    conditionOfLeakage(challenger),
  ];
  return {
    passed: conditions.every(({ passed }) => passed),
    conditions,
    challenger: challenger.metadata.model_id,
    champion: champion?.metadata.model_id ?? null,
    decided_by: decidingFigure(scored),
    judged_on: dates,
    labels: strategy,
    rows: counts,
    comparison,
    challenger_alone: alone,
    remarks: remarksOn(challenger, champion, options),
  };
}

function checkLimits({ minImprovement, maxEce }: GateOptions, { metadata }: StoredModel): void {
  if (minImprovement !== undefined && !(minImprovement >= -1 && minImprovement <= 1))
    throw wrongLimit('least improvement', 'a number from -1 to 1, such as 0.01', minImprovement);
  if (maxEce !== undefined && !(maxEce >= 0 && maxEce <= 1))
    throw wrongLimit('greatest expected calibration error', 'a number from 0 to 1, such as 0.1', maxEce);
  if (maxEce !== undefined && metadata.model_type === 'alert_ranker')
    throw wrongLimit(
      'greatest expected calibration error of an alert_ranker',
      'none: its scores are no probabilities',
      maxEce,
    );
}

function wrongLimit(what: string, expected: string, found: unknown): InvalidInputError {
  return new InvalidInputError({ what: `The ${what}`, expected, found });
}
