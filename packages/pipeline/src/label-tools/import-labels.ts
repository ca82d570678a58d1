import { createHash } from 'node:crypto';
import { InvalidInputError, type LabelStrategy } from '@risk-scoring/contract';
import {
  createAddressIndex,
  describeRows,
  LabelFileError,
  type PartlyFilledFile,
  RISK_LEVELS,
  type RiskLevel,
  type RowFacts,
} from '@risk-scoring/labels';
import {
  type Database,
  type ExtraLabelColumn,
  importLabelSet,
  type LabelSetInfo,
  type LabelSetOutcome,
  type LabelSetRows,
  listLabelSets,
} from '@risk-scoring/storage';
import { addressReadingOf } from './address-settings.ts';
import { parseLabelSetName } from './label-set-name.ts';
import { type LabelFileRequest, readLabelsFile } from './read-labels-file.ts';

/** Options of {@link importLabels}. */
export interface ImportLabelsOptions extends LabelFileRequest {
  /** Who says so, for rows that name no source. */
  readonly source: string;
  /** The name of the data set; the source's when left out. */
  readonly dataSet?: string | undefined;
  /** 1.0.0 when left out. */
  readonly version?: string | undefined;
  /** Its settings say which label a risk level stands for, where a file has both. */
  readonly labelStrategy: LabelStrategy;
  /** Replaces a version that is there with other rows. */
  readonly force?: boolean | undefined;
  /** Reads and checks everything, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onRows?: ((progress: { readonly rows: number; readonly totalRows: number }) => void) | undefined;
}

/** What became of a file of labels. */
export interface ImportedLabels {
  readonly outcome: LabelSetOutcome['outcome'] | 'not written';
  readonly data_set: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** Rows without a label that were left out. */
  readonly skipped: number;
  readonly warnings: readonly string[];
  readonly rows: RowFacts;
  /** The version of that name which was there before; null where there was none. */
  readonly before: Pick<LabelSetInfo, 'rows' | 'addresses' | 'importedAt' | 'source'> | null;
}

/**
 * Imports a file of labels as one version of a data set, whole or not at all; it is then the latest of its data set, which the strategy `address` reads. The same
 * file imported again in the same way changes nothing.
 *
 * @throws {LabelFileError} for a file that cannot be read, has wrong rows or is about another network
 * @throws {InvalidInputError} for a name or version that cannot be stored
 * @throws {LabelSetExistsError} when the version is there with other rows, without `force`
 * @throws {CancelledError} soon after the signal aborts; nothing is left behind
 * @example
 * await importLabels(database, { file: 'labels.csv', source: 'my-team', labelStrategy: labelStrategyByName('address') });
 */
export async function importLabels(
  database: Database,
  options: ImportLabelsOptions,
): Promise<ImportedLabels> {
  const {
    file,
    source,
    labelStrategy,
    version = '1.0.0',
    force = false,
    dryRun = false,
    signal,
    onRows,
  } = options;
  const dataSet = options.dataSet ?? source;
  assertName(dataSet, version, options.dataSet === undefined);
  const { positive, negative } = addressReadingOf(labelStrategy);
  const read = await readLabelsFile(options, { positive, negative, signal });
  assertNetworkOf(read, file, database.network);
  assertLevelsMean(read, { file, positive, negative });
  const index = createAddressIndex();
  const rows = describeRows({ rows: read.rows, places: index.add(read.rows.addresses) }, index);
  const before = (await listLabelSets(database)).find(
    (set) => set.dataSet === dataSet && set.version === version,
  );
  const imported = dryRun
    ? undefined
    : await importLabelSet(
        database,
        {
          dataSet,
          version,
          source: file,
          sha256: identityOf(read, options),
          rows: rowsToStore(read, source),
        },
        { force, ...(signal ? { signal } : {}), ...(onRows ? { onProgress: onRows } : {}) },
      );
  return {
    outcome: imported?.outcome ?? 'not written',
    data_set: dataSet,
    version,
    file,
    sha256: read.sha256,
    skipped: read.skipped,
    warnings: read.warnings,
    rows,
    before:
      before === undefined
        ? null
        : {
            rows: before.rows,
            addresses: before.addresses,
            importedAt: before.importedAt,
            source: before.source,
          },
  };
}

/** The same file says something else with another source or label beside it. */
function identityOf({ sha256 }: PartlyFilledFile, { source, label, skipEmpty }: ImportLabelsOptions): string {
  const parts = [sha256, source, label ?? null, skipEmpty === true];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function rowsToStore({ rows, extras }: PartlyFilledFile, source: string): LabelSetRows {
  const kept: readonly ExtraLabelColumn[] = ['address_type', 'address_subtype', 'trust_level'];
  const columns = extras as Readonly<Partial<Record<string, LabelSetRows['sources']>>>;
  return {
    rows: rows.rows,
    addresses: rows.addresses,
    riskLevels: { values: RISK_LEVELS, codes: Int32Array.from(rows.levels) },
    confidences: rows.confidences,
    sources: { values: rows.sources.values.map((name) => name.trim() || source), codes: rows.sources.codes },
    validFrom: rows.validFrom,
    extras: Object.fromEntries(
      kept.flatMap((name) => (columns[name] === undefined ? [] : [[name, columns[name]]])),
    ),
  };
}

/** Labels 1 and 0 are stored as the risk levels high and low, which must mean the same to whoever reads them. */
function assertLevelsMean(
  { statedBy }: PartlyFilledFile,
  {
    file,
    positive,
    negative,
  }: {
    readonly file: string;
    readonly positive: readonly RiskLevel[];
    readonly negative: readonly RiskLevel[];
  },
): void {
  if (statedBy === 'risk_level' || (positive.includes('high') && negative.includes('low'))) return;
  throw new LabelFileError({
    file,
    expected:
      'a column risk_level, as the configured strategy takes other levels than high for suspicious and low for normal',
    found: 'labels 1 and 0, which are stored as high and low',
    remedy:
      'write risk levels into the file, or import it with the default positive_risk_levels and negative_risk_levels',
  });
}

/** Labels of another network, stored here, would label no alert at best. */
function assertNetworkOf({ extras }: PartlyFilledFile, file: string, network: string): void {
  const named = extras.network?.values.map((name) => name.trim()).filter((name) => name !== '') ?? [];
  const others = [...new Set(named.filter((name) => name !== network))];
  if (others.length === 0) return;
  throw new LabelFileError({
    file,
    expected: `labels of the network ${network}`,
    found: `rows of ${others.slice(0, 5).join(', ')}`,
    remedy: 'import each network by itself, with --network',
  });
}

function assertName(dataSet: string, version: string, isSource: boolean): void {
  try {
    parseLabelSetName(`${dataSet}@${version}`);
  } catch {
    throw new InvalidInputError({
      what: 'The name or version of the data set',
      expected: '1 to 100 characters of A-Z a-z 0-9 . _ - each',
      found: `${dataSet}@${version}`,
      remedy: isSource
        ? 'the data set is named after the source when nothing is said: write --data-set my-labels'
        : 'write --data-set my-labels --set-version 1.0.0',
    });
  }
}
