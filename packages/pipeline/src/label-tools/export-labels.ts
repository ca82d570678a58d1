import { RiskScoringError, readTextColumn } from '@risk-scoring/contract';
import {
  type AddressLabelRows,
  createAddressIndex,
  labelAddresses,
  rowsOfLabelSet,
  writeLabelCsv,
} from '@risk-scoring/labels';
import { type Database, readLabelSet } from '@risk-scoring/storage';
import { assertWritable, writeWhole } from '../export-features/whole-file.ts';
import { addressReadingOf } from './address-settings.ts';
import { csvFile } from './csv-file.ts';
import type { NamedLabelSet } from './label-set-name.ts';
import { type StrategyTrialOptions, tryStrategy } from './label-statistics.ts';

/** Options of {@link exportLabels}. */
export interface ExportLabelsOptions extends StrategyTrialOptions {
  /** The file to write. */
  readonly out: string;
  readonly force: boolean;
  /** An imported data set; what the strategy says of the period's addresses when left out. */
  readonly labelSet?: NamedLabelSet | undefined;
}

/** A written file of labels. */
export interface ExportedLabels {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  /** Addresses whose alerts the strategy calls suspicious and normal with equal weight: they are not in the file. */
  readonly undecided: number;
}

/**
 * Writes labels as CSV that `importLabels` takes, whole or not at all: the rows of a data set, or one row for each address whose alerts a strategy labels.
 *
 * @throws {InvalidInputError} for a name that does not end in .csv, when the file is there and shall stay, or its folder is not
 * @throws {LabelSetNotFoundError} for a data set that is not there
 * @throws {NoLabelsToExportError} when the strategy labels nothing
 * @throws {FileNotWrittenError} when the disk does not let it
 * @example
 * await exportLabels(database, { out: 'mine.csv', force: false, labelSet: { dataSet: 'mine' }, …options });
 */
export async function exportLabels(
  database: Database,
  options: ExportLabelsOptions,
): Promise<ExportedLabels> {
  const { force } = options;
  const file = csvFile(options.out);
  await assertWritable(file, { force });
  const { rows, undecided } = await rowsToExport(database, options);
  const bytes = await writeWhole(file, { force }, (sink) => sink(Buffer.from(writeLabelCsv(rows))));
  return { file, bytes, rows: rows.rows, undecided };
}

async function rowsToExport(
  database: Database,
  options: ExportLabelsOptions,
): Promise<{ readonly rows: AddressLabelRows; readonly undecided: number }> {
  const { labelSet: named, labelStrategy } = options;
  if (named !== undefined) {
    const table = await readLabelSet(database, named);
    return { rows: rowsOfLabelSet(table, addressReadingOf(labelStrategy)), undecided: 0 };
  }
  const { alerts, labelSet, weights } = await tryStrategy(database, options);
  const index = createAddressIndex();
  const places = index.add(readTextColumn(alerts, 'address'));
  const labelled = labelAddresses(
    { ...labelSet, weights },
    { places, size: index.size, nameOf: (place) => index.nameOf(place) },
  );
  if (labelled.rows.rows === 0) throw new NoLabelsToExportError({ strategy: labelStrategy.name });
  return labelled;
}

/** A file of no labels could not be imported. */
export class NoLabelsToExportError extends RiskScoringError {
  constructor(parts: { readonly strategy: string }) {
    super({
      code: 'NO_LABELS_TO_EXPORT',
      category: 'data',
      summary: `The label strategy '${parts.strategy}' labels no address of the period.`,
      expected: 'at least one labelled address',
      found: 'none',
      remedy: 'widen the period, choose another label strategy or name a data set with --data-set',
    });
  }
}
