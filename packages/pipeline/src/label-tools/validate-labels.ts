import { type LabelStrategy, readDays, type TrainingPeriod, throwIfCancelled } from '@risk-scoring/contract';
import { extractTrainingData } from '@risk-scoring/extraction';
import {
  ADDRESS_LABEL_COLUMNS,
  countLabels,
  createAddressIndex,
  describeRows,
  disagreementOfSources,
  judgeLabels,
  type LabelCounts,
  type LabelNoise,
  labelPlacedAlerts,
  type Overlap,
  overlapOf,
  type PlacedRows,
  type RowFacts,
  type SourceDisagreement,
  type Verdict,
} from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import type { OnPipelineProgress } from '../progress.ts';
import { addressReadingOf } from './address-settings.ts';
import { addressesWithFeatures } from './feature-addresses.ts';
import { type LabelSubject, readSubject, type SubjectFacts } from './label-subject.ts';
import { assertLearnsFromLabels, type ModelOptions } from './model-options.ts';
import { findNoise } from './noise.ts';
import { type OpenPeriod, periodOf } from './period-of.ts';
import { readLabelsFile } from './read-labels-file.ts';

/** Options of {@link validateLabels}. */
export interface ValidateLabelsOptions {
  /** The period whose alerts the labels are for; all snapshots of the window where its ends are left out. */
  readonly period: OpenPeriod;
  /** Which labels. */
  readonly labels: LabelSubject;
  /** Its settings say what becomes of risk levels, and of rows that disagree. */
  readonly labelStrategy: LabelStrategy;
  /** Looks for labels that models contradict, which takes a training; not done when left out. */
  readonly noise?: ModelOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** What labels are worth for a period. */
export interface LabelValidation extends Verdict {
  readonly labels: SubjectFacts;
  readonly period: TrainingPeriod;
  readonly rows: RowFacts;
  /** Addresses of the labels without an alert in the period, those of them without features either, and the first of the former. */
  readonly unknown: {
    readonly no_alert: number;
    readonly no_features: number;
    readonly first: readonly string[];
  };
  /** How they label the alerts of the period. */
  readonly counts: LabelCounts;
  /** Against raw_address_labels and the latest version of other data sets; null where all of these are what is validated. */
  readonly overlap: Overlap | null;
  /** Of the labels and of those that there are already. */
  readonly sources: readonly SourceDisagreement[];
  /** Null where it was not asked for, or nothing can be learned. */
  readonly noise: LabelNoise | null;
}

const MOST_NAMED = 5;

/**
 * Says what labels are worth before a model learns from them: what their rows say, which alerts of a period they label, where they
 * contradict themselves, other labels or models. Nothing is written.
 *
 * @throws {LabelFileError} for a file that cannot be read or has wrong rows
 * @throws {LabelSetNotFoundError} for a data set that is not there
 * @throws {NoAlertsFoundError} when the period holds no alert
 * @throws {InvalidAddressLabelsError} for labels in the database that cannot be read as such
 * @throws {CancelledError} soon after the signal aborts
 * @example
 * const { problems, remarks } = await validateLabels(database, {
 *   period: { windowDays: 30 }, labels: { kind: 'file', file: 'labels.csv' }, labelStrategy: labelStrategyByName('address'),
 * });
 */
export async function validateLabels(
  database: Database,
  options: ValidateLabelsOptions,
): Promise<LabelValidation> {
  const { labelStrategy, noise, signal, onProgress } = options;
  if (noise !== undefined) assertLearnsFromLabels(noise);
  const reading = addressReadingOf(labelStrategy);
  const period = await periodOf(database, options.period);
  const { labels } = options;
  // The engine reads the alerts while this thread reads the file. Neither is left running when the other one fails.
  const [file, extracted] = await bothOf(
    labels.kind === 'file' ? readLabelsFile(labels, { ...reading, signal }) : Promise.resolve(undefined),
    extractTrainingData(database, period, {
      tables: ['alerts', 'addressLabels'],
      columns: { alerts: ['typology_type'], addressLabels: ADDRESS_LABEL_COLUMNS },
      ...(signal ? { signal } : {}),
      onProgress: (progress) => onProgress?.({ stage: 'extract', ...progress }),
    }),
  );
  const { data } = extracted;
  const subject = await readSubject(database, labels, { table: data.addressLabels, reading, file });
  throwIfCancelled(signal, 'looking at the labels');

  const index = createAddressIndex();
  const place = (rows: PlacedRows['rows']): PlacedRows => ({ rows, places: index.add(rows.addresses) });
  const own = place(subject.rows);
  const existing = subject.existing === undefined ? undefined : place(subject.existing);
  const alertPlaces = index.addColumn(data.alerts, 'address');
  const days = readDays(data.alerts, 'processing_date');
  const labelSet = labelPlacedAlerts({ places: alertPlaces, days }, own, index, reading.resolving);
  const counts = countLabels(data.alerts, labelSet, { places: alertPlaces, size: index.size });
  onProgress?.({ stage: 'label', done: 1, total: 1, detail: `by ${subject.facts.name}` });

  const rows = describeRows(own, index);
  const unlabelled = namesWithout(own, alertPlaces, index.size);
  const known =
    unlabelled.length === 0
      ? new Uint8Array()
      : await addressesWithFeatures(database, period, { index, signal });
  const unknown = {
    no_alert: unlabelled.length,
    no_features: unlabelled.reduce((sum, at) => sum + (known[at] === 1 ? 0 : 1), 0),
    first: Array.from(unlabelled.subarray(0, MOST_NAMED), (at) => index.nameOf(at)),
  };
  const overlap = existing === undefined ? null : overlapOf(own, existing, index);
  const sources = disagreementOfSources(existing === undefined ? [own] : [own, existing], index.size);
  const found =
    noise === undefined
      ? undefined
      : await findNoise(database, period, {
          name: subject.facts.name,
          rows: subject.rows,
          reading,
          counts,
          models: noise,
          signal,
          onProgress,
        });
  const { problems, remarks } = judgeLabels({
    rows,
    counts,
    unknown,
    overlap,
    sources,
    noise: found ?? null,
    endDate: period.endDate,
  });
  const untried = noise !== undefined && found === undefined && problems.length === 0;
  return {
    labels: subject.facts,
    period,
    problems,
    remarks: untried
      ? [...remarks, 'too few labelled addresses of a class to train models that look for wrong labels']
      : remarks,
    rows,
    unknown,
    counts,
    overlap,
    sources,
    noise: found ?? null,
  };
}

/** The places of labelled addresses that no alert has, in the order of their rows. */
function namesWithout({ places }: PlacedRows, alertPlaces: Int32Array, size: number): Int32Array {
  const seen = new Uint8Array(size);
  for (const at of alertPlaces) seen[at] = 1;
  const without = new Int32Array(size);
  let count = 0;
  for (const at of places) {
    if (seen[at] === 1) continue;
    seen[at] = 1;
    without[count++] = at;
  }
  return without.slice(0, count);
}

/** Two results; the first failure once both have ended. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
