import type { TextColumn } from '@risk-scoring/contract';
import { DEFAULT_LIMITS } from '../ingestion/limits.ts';
import { InvalidLabelRowsError } from './errors.ts';
import { type LabelSetName, scopeOf } from './names.ts';

/** Columns of miner_labels that a set may have besides. */
export type ExtraLabelColumn = 'network_type' | 'address_type' | 'address_subtype' | 'trust_level';

/** The rows of a label set, in columns; an address may stand in several rows. */
export interface LabelSetRows {
  readonly rows: number;
  readonly addresses: TextColumn;
  /** low, medium, high or critical. */
  readonly riskLevels: TextColumn;
  /** 0..1; 0 says nothing. */
  readonly confidences: Float32Array;
  /** Who says so; may be empty. */
  readonly sources: TextColumn;
  /** First processing date that a row is about, in days since 1970-01-01; 0: any. */
  readonly validFrom: Int32Array;
  /** What the address is called, in words; empty when left out. */
  readonly labels?: TextColumn;
  readonly extras?: Readonly<Partial<Record<ExtraLabelColumn, TextColumn>>>;
}

const riskLevels: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'critical']);
/** The last day that ClickHouse's Date holds: 2149-06-06. */
const LAST_DAY = 65_535;

/** The columns of text, by their name in miner_labels. */
export function textColumns(rows: LabelSetRows): [name: string, column: TextColumn][] {
  return [
    ['address', rows.addresses],
    ['risk_level', rows.riskLevels],
    ['source', rows.sources],
    ...(rows.labels ? [['label', rows.labels] as [string, TextColumn]] : []),
    ...Object.entries(rows.extras ?? {}),
  ];
}

/**
 * Checks rows before anything is written.
 *
 * @throws {InvalidLabelRowsError} naming column and row (from 1)
 */
export function assertRows(name: LabelSetName, rows: LabelSetRows): void {
  const fail = (expected: string, found: string): never => {
    throw new InvalidLabelRowsError({ ...name, expected, found });
  };
  if (!Number.isInteger(rows.rows) || rows.rows < 1)
    fail('one row or more', `${rows.rows} rows in ${scopeOf(name)}`);
  for (const [column, { codes, values }] of textColumns(rows)) {
    assertLength(column, codes);
    const faults = values.map((value) => faultOf(column, value));
    // Values that no row has do no harm.
    const wrong = faults.some((fault) => fault !== undefined);
    for (let row = 0; row < rows.rows; row++) {
      const code = codes[row] as number;
      if (code < 0 || code >= values.length)
        fail(`codes of the values of ${column}`, `${code} in row ${row + 1}`);
      const fault = wrong ? faults[code] : undefined;
      if (fault !== undefined) fail(fault.expected, `${fault.found} in row ${row + 1}`);
    }
  }
  assertLength('confidence_score', rows.confidences);
  assertLength('valid_from', rows.validFrom);
  for (let row = 0; row < rows.rows; row++) {
    const confidence = rows.confidences[row] as number;
    if (!(confidence >= 0 && confidence <= 1))
      fail('a confidence_score of 0 to 1', `${confidence} in row ${row + 1}`);
    const day = rows.validFrom[row] as number;
    if (day < 0 || day > LAST_DAY) fail(`a valid_from of day 0 to ${LAST_DAY}`, `${day} in row ${row + 1}`);
  }

  function assertLength(column: string, values: ArrayLike<unknown>): void {
    if (values.length !== rows.rows)
      fail(`${rows.rows} values of ${column}, one per row`, `${values.length} values`);
  }
}

function faultOf(column: string, value: string): { expected: string; found: string } | undefined {
  if (column === 'risk_level' && !riskLevels.has(value))
    return { expected: 'a risk_level of low, medium, high or critical', found: `'${shortened(value)}'` };
  if (column === 'address' && value.trim() === '')
    return { expected: 'an address in each row', found: 'an empty one' };
  if (value.includes('\0')) return { expected: 'texts without NUL characters', found: `one in ${column}` };
  const { maxTextBytes } = DEFAULT_LIMITS;
  // A character of UTF-16 takes three bytes at most.
  if (value.length * 3 > maxTextBytes && Buffer.byteLength(value) > maxTextBytes)
    return { expected: `texts of at most ${maxTextBytes} bytes`, found: `a longer one in ${column}` };
  return undefined;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
