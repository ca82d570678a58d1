import { readDays, readNumbers, readTextColumn, type TextColumn } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { InvalidAddressLabelsError } from '../errors.ts';
import type { AddressLabelRows } from './address-label-rows.ts';
import { readAddresses } from './address-places.ts';
import { RISK_LEVELS, type RiskLevel, riskLevelOf } from './risk-levels.ts';
import { UnknownLabelSetError } from './unknown-label-set-error.ts';

/** Which rows of `TrainingData.addressLabels` to read, and as what. */
export interface ReadAddressLabelsOptions {
  readonly positive: readonly RiskLevel[];
  readonly negative: readonly RiskLevel[];
  /** `latest`: the newest version of every data set of miner_labels; or those named `data_set@version`. SOT's rows are always read. */
  readonly dataSets: 'latest' | readonly string[];
}

/** The columns that {@link readAddressLabels} reads. */
export const ADDRESS_LABEL_COLUMNS = [
  'processing_date',
  'address',
  'risk_level',
  'confidence_score',
  'source',
  'data_set',
  'data_set_version',
  'data_set_is_latest',
  'valid_from',
] as const;

/** Rows, and how many each data set brought. */
export interface ReadAddressLabels {
  readonly rows: AddressLabelRows;
  /** Rows by `data_set@version`; SOT's own are not among them. */
  readonly dataSets: Readonly<Record<string, number>>;
  /** 1 for the rows of data sets that are read; the others say nothing. All are read when left out. */
  readonly read?: Uint8Array;
}

/**
 * Reads label rows as SOT publishes them, and those of miner_labels that follow them.
 *
 * @throws {InvalidAddressLabelsError} for risk levels and confidences that are none, listed and counted
 * @throws {UnknownLabelSetError} for a data set that is asked for and not there
 * @example
 * const { rows } = readAddressLabels(data.addressLabels, { positive: ['high', 'critical'], negative: ['low', 'medium'], dataSets: 'latest' });
 */
export function readAddressLabels(table: Table, options: ReadAddressLabelsOptions): ReadAddressLabels {
  const chosen = chooseDataSets(table, options.dataSets);
  const rows = readRows(table, { ...options, dates: 'processing_date', chosen });
  return { rows, dataSets: chosen.counts, ...(chosen.read ? { read: chosen.read } : {}) };
}

/**
 * Reads the rows of one stored data set.
 *
 * @param table address, risk_level, confidence_score, source and valid_from, as in miner_labels
 * @throws {InvalidAddressLabelsError} for risk levels and confidences that are none, as rows that were inserted by hand may have
 * @example
 * rowsOfLabelSet(await readLabelSet(database, { dataSet: 'mine' }), { positive: ['high', 'critical'], negative: ['low', 'medium'] });
 */
export function rowsOfLabelSet(
  table: Table,
  levels: Pick<ReadAddressLabelsOptions, 'positive' | 'negative'>,
): AddressLabelRows {
  return readRows(table, { ...levels, dates: 'valid_from', chosen: { names: [''], counts: {} } });
}

function readRows(
  table: Table,
  {
    positive,
    negative,
    dates,
    chosen,
  }: Pick<ReadAddressLabelsOptions, 'positive' | 'negative'> & {
    /** The column that says when a row was said. */
    readonly dates: 'processing_date' | 'valid_from';
    readonly chosen: Chosen;
  },
): AddressLabelRows {
  const levels = readLevels(readTextColumn(table, 'risk_level'), chosen);
  const confidences = readConfidences(table, chosen);
  const labelOfLevel = Int8Array.from(RISK_LEVELS, (level) =>
    positive.includes(level) ? 1 : negative.includes(level) ? 0 : -1,
  );
  return {
    rows: table.numRows,
    addresses: readAddresses(table, 'address'),
    labels: levels.map((level) => labelOfLevel[level] ?? -1),
    levels,
    confidences,
    sources: withDataSets(readTextColumn(table, 'source'), chosen),
    dates: readDays(table, dates),
    validFrom: hasColumn(table, 'valid_from') ? readDays(table, 'valid_from') : new Int32Array(table.numRows),
  };
}

/** Which rows are read, and of which data set each is. */
interface Chosen {
  /** As in {@link ReadAddressLabels}. */
  readonly read?: Uint8Array;
  /** `data_set@version` by code; '' is SOT's own. */
  readonly names: readonly string[];
  readonly codes?: Int32Array;
  readonly counts: Readonly<Record<string, number>>;
}

function chooseDataSets(table: Table, wanted: 'latest' | readonly string[]): Chosen {
  const sets = hasColumn(table, 'data_set') ? readTextColumn(table, 'data_set') : undefined;
  const ofMiners = sets?.values.some((name) => name !== '') === true;
  if (sets === undefined || !ofMiners) {
    if (wanted !== 'latest' && wanted.length > 0) throw new UnknownLabelSetError({ wanted, known: [] });
    return { names: [''], counts: {} };
  }
  const versions = readTextColumn(table, 'data_set_version');
  const latest = readNumbers(table, 'data_set_is_latest');
  const names: string[] = [''];
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(table.numRows);
  const read = new Uint8Array(table.numRows);
  const counts: Record<string, number> = {};
  for (let row = 0; row < read.length; row++) {
    const set = sets.codes[row] ?? 0;
    if (sets.values[set] === '') {
      read[row] = 1;
      continue;
    }
    const pair = set * versions.values.length + (versions.codes[row] ?? 0);
    let code = codeOf.get(pair);
    if (code === undefined) {
      code = names.length;
      names.push(`${sets.values[set]}@${versions.values[versions.codes[row] ?? 0]}`);
      codeOf.set(pair, code);
    }
    codes[row] = code;
    const name = names[code] ?? '';
    if (wanted === 'latest' ? latest[row] !== 1 : !wanted.includes(name)) continue;
    read[row] = 1;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const known = names.slice(1);
  const missing = wanted === 'latest' ? [] : wanted.filter((name) => !known.includes(name));
  if (missing.length > 0) throw new UnknownLabelSetError({ wanted: missing, known });
  return { read, names, codes, counts };
}

/** The place of each row's risk level in {@link RISK_LEVELS}. */
function readLevels({ codes, values }: TextColumn, { read }: Chosen): Int8Array {
  const places = values.map(riskLevelOf);
  const levels = new Int8Array(codes.length);
  const wrong = new Map<string, number>();
  for (let row = 0; row < codes.length; row++) {
    const place = places[codes[row] ?? 0] ?? -1;
    levels[row] = place;
    if (place >= 0 || (read && read[row] === 0)) continue;
    const text = values[codes[row] ?? 0] ?? '';
    wrong.set(text, (wrong.get(text) ?? 0) + 1);
  }
  if (wrong.size === 0) return levels;
  const rows = [...wrong.values()].reduce((sum, count) => sum + count, 0);
  const listed = [...wrong.keys()].slice(0, 5).map((text) => `'${text}'`);
  throw new InvalidAddressLabelsError({
    expected: `a risk_level of ${RISK_LEVELS.join(', ')}`,
    found: `${rows} rows with ${listed.join(', ')}${wrong.size > listed.length ? ', …' : ''}`,
  });
}

/** The confidences; 0, which says nothing, for rows that are not read. */
function readConfidences(table: Table, { read }: Chosen): Float32Array {
  const confidences = new Float32Array(readNumbers(table, 'confidence_score'));
  let wrong = 0;
  let example = Number.NaN;
  for (let row = 0; row < confidences.length; row++) {
    const value = confidences[row] ?? Number.NaN;
    if (read && read[row] === 0) confidences[row] = 0;
    else if (!(value >= 0 && value <= 1)) {
      if (wrong === 0) example = value;
      wrong += 1;
    }
  }
  if (wrong === 0) return confidences;
  throw new InvalidAddressLabelsError({
    expected: 'a confidence_score from 0 to 1',
    found: `${wrong} rows with others, such as ${example}`,
  });
}

/** Rows of a data set that name no source have the data set's name for one. */
function withDataSets(sources: TextColumn, { names, codes }: Chosen): TextColumn {
  if (codes === undefined) return sources;
  const empty = sources.values.map((name) => name.trim() === '');
  if (!empty.includes(true)) return sources;
  const values = [...sources.values, ...names];
  return {
    values,
    codes: sources.codes.map((code, row) =>
      empty[code] && (codes[row] ?? 0) > 0 ? sources.values.length + (codes[row] ?? 0) : code,
    ),
  };
}

function hasColumn(table: Table, name: string): boolean {
  return table.schema.fields.some((field) => field.name === name);
}
