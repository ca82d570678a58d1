import {
  dayText,
  InvalidInputError,
  type LabelStrategy,
  RiskScoringError,
  readNumbers,
  readTextColumn,
  type TrainingPeriod,
} from '@risk-scoring/contract';
import { chooseInformative, uncertaintyOf } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import { assertWritable, writeWhole } from '../export-features/whole-file.ts';
import { type OutOfFold, scoreOutOfFold } from '../labelling/score-out-of-fold.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { alertFactsOf } from './alert-facts.ts';
import { csvFile } from './csv-file.ts';
import { assertLearnsFromLabels, type ModelOptions } from './model-options.ts';
import { type OpenPeriod, periodOf } from './period-of.ts';
import { type SuggestedAddress, suggestionCsv } from './suggestion-csv.ts';
import { withAlertColumns } from './with-alert-columns.ts';

/** More would take minutes to tell apart, and weeks to label. */
export const MOST_SUGGESTIONS = 2000;

/** Options of {@link suggestLabels}. */
export interface SuggestLabelsOptions extends ModelOptions {
  readonly period: OpenPeriod;
  /** Whose labels are learned from; what it leaves unlabelled may be suggested. */
  readonly labelStrategy: LabelStrategy;
  /** How many addresses, 1 to {@link MOST_SUGGESTIONS}. */
  readonly count: number;
  /** The CSV to write. */
  readonly out: string;
  readonly force: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** A written file of suggestions. */
export interface SuggestedLabels {
  readonly file: string;
  readonly bytes: number;
  readonly period: TrainingPeriod;
  /** Addresses with alerts and without a label. */
  readonly unlabelled: number;
  readonly suggestions: readonly SuggestedAddress[];
}

/**
 * Writes the addresses whose labels would teach a model most: of those without a label the ones that models, trained on the others, are least sure of, and of these the ones that
 * differ most; see `chooseInformative`. The file has an empty column `label` to fill in, and is then imported with empty rows skipped. Equal data and seed give an equal file.
 *
 * @throws {InvalidInputError} for a count that is none, a file that is there and shall stay, or models that learn nothing from labels
 * @throws {NothingToSuggestError} when every address is labelled
 * @throws {RiskScoringError} what a training throws up to its first model
 * @example
 * const { suggestions } = await suggestLabels(database, { count: 100, out: 'to-label.csv', force: false, …training, period: { windowDays: 30 } });
 */
export async function suggestLabels(
  database: Database,
  options: SuggestLabelsOptions,
): Promise<SuggestedLabels> {
  const { count, force, labelStrategy, signal, onProgress } = options;
  if (!Number.isInteger(count) || count < 1 || count > MOST_SUGGESTIONS) {
    throw new InvalidInputError({
      what: 'The count of suggestions',
      expected: `a whole number from 1 to ${MOST_SUGGESTIONS}`,
      found: count,
      remedy: 'write --count 100',
    });
  }
  assertLearnsFromLabels(options);
  const file = csvFile(options.out);
  await assertWritable(file, { force });
  const period = await periodOf(database, options.period);
  const scored = await scoreOutOfFold(database, {
    trainer: options.trainer,
    splitter: options.splitter,
    outputDir: options.outputDir,
    modelVersion: options.modelVersion,
    seed: options.seed,
    ...(options.featureGroups ? { featureGroups: options.featureGroups } : {}),
    ...(options.testFraction === undefined ? {} : { testFraction: options.testFraction }),
    ...(options.cvFolds === undefined ? {} : { cvFolds: options.cvFolds }),
    period,
    modelType: 'alert_scorer',
    labelStrategy: withAlertColumns(labelStrategy, ['typology_type', 'volume_usd']),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  const candidates = unlabelledOf(scored);
  if (candidates.places.length === 0) throw new NothingToSuggestError({ strategy: labelStrategy.name });
  const { matrix } = scored;
  const chosen = chooseInformative(
    candidates.scores,
    { values: matrix.values, rows: matrix.rows, columns: matrix.columns.length, rowOf: candidates.newest },
    count,
  );
  const suggestions = describe(scored, candidates, chosen);
  const bytes = await writeWhole(file, { force }, (sink) => sink(Buffer.from(suggestionCsv(suggestions))));
  return { file, bytes, period, unlabelled: candidates.places.length, suggestions };
}

/** Addresses without a label, the first of which has the first alert. */
interface Candidates {
  /** Their numbers in the plan. */
  readonly places: Int32Array;
  /** Mean score of each. */
  readonly scores: Float64Array;
  /** Row of its newest alert; of several the last one. */
  readonly newest: Int32Array;
}

function unlabelledOf({ plan, scores }: OutOfFold): Candidates {
  const { splitGroups, splitGroupNames } = plan.rows;
  const size = splitGroupNames.length;
  const [labelled, sums, counts, newest] = [
    new Uint8Array(size),
    new Float64Array(size),
    new Int32Array(size),
    new Int32Array(size),
  ];
  for (let alert = 0; alert < splitGroups.length; alert++) {
    const place = splitGroups[alert] ?? 0;
    if ((plan.labelSet.labels[alert] ?? -1) >= 0) labelled[place] = 1;
    sums[place] = (sums[place] ?? 0) + (scores[alert] ?? Number.NaN);
    counts[place] = (counts[place] ?? 0) + 1;
    // Alerts come by processing date.
    newest[place] = alert;
  }
  const places = Int32Array.from({ length: size }, (_, place) => place).filter(
    (place) => labelled[place] === 0,
  );
  return {
    places,
    scores: Float64Array.from(places, (place) => (sums[place] ?? 0) / (counts[place] ?? 1)),
    newest: places.map((place) => newest[place] ?? 0),
  };
}

function describe({ plan }: OutOfFold, candidates: Candidates, chosen: Int32Array): SuggestedAddress[] {
  const { splitGroups, splitGroupNames, keys } = plan.rows;
  const facts = alertFactsOf({
    places: splitGroups,
    dates: keys.processingDates,
    typologies: readTextColumn(plan.alerts, 'typology_type'),
    volumes: readNumbers(plan.alerts, 'volume_usd'),
    wanted: chosen.map((candidate) => candidates.places[candidate] ?? 0),
  });
  return Array.from(chosen, (candidate, at) => {
    const score = candidates.scores[candidate] ?? Number.NaN;
    const { alerts = 0, typologies = [], lastDay = 0, volume = 0 } = facts[at] ?? {};
    return {
      address: splitGroupNames[candidates.places[candidate] ?? 0] ?? '',
      score,
      uncertainty: uncertaintyOf(score),
      alerts,
      typologies,
      last_seen: dayText(lastDay),
      volume,
    };
  });
}

/** Every address has a label already. */
export class NothingToSuggestError extends RiskScoringError {
  constructor(parts: { readonly strategy: string }) {
    super({
      code: 'NOTHING_TO_SUGGEST',
      category: 'data',
      summary: `The label strategy '${parts.strategy}' labels every alerted address of the period.`,
      expected: 'addresses without a label to choose from',
      found: 'none',
      remedy:
        'widen the period or choose a strategy that labels less; labels validate --noise shows doubtful labels',
    });
  }
}
