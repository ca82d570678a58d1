import { addressKey, readTextColumn, type TextColumn } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { InvalidAddressLabelsError } from './errors.ts';

/** What is held of one address. */
export interface AddressLabel {
  /** 1 suspicious, 0 normal. */
  readonly label: 0 | 1;
  /** Confidence of the winning row, 0..1. */
  readonly confidence: number;
  readonly source: string;
}

/** Risk levels from low to high; the first two are normal, the others suspicious. */
const LEVELS = ['low', 'medium', 'high', 'critical'];

/** The name of a source that has none. */
const UNKNOWN_SOURCE = 'unknown';

/**
 * One label per address from rows that may repeat and disagree: the highest confidence wins, then the newest processing date, then the higher
 * risk level, then the source that comes first in the alphabet. The order of the rows never matters.
 *
 * @param table rows of raw_address_labels
 * @returns by {@link addressKey}
 * @throws {InvalidAddressLabelsError} for a risk level or a confidence that is none
 */
export function resolveAddressLabels(table: Table): Map<string, AddressLabel> {
  const addresses = readTextColumn(table, 'address');
  const sources = readTextColumn(table, 'source');
  const levels = readLevels(readTextColumn(table, 'risk_level'));
  const confidences = readConfidences(table);
  const dates = readNumbers(table, 'processing_date', new Int32Array(table.numRows));
  const keys = addresses.values.map(addressKey);

  const winners = new Map<string, number>();
  const sourceOf = (row: number) => sources.values[sources.codes[row] ?? -1]?.trim() || UNKNOWN_SOURCE;
  const beats = (row: number, other: number): boolean => {
    const difference =
      (confidences[row] ?? 0) - (confidences[other] ?? 0) ||
      (dates[row] ?? 0) - (dates[other] ?? 0) ||
      (levels[row] ?? 0) - (levels[other] ?? 0);
    return difference === 0 ? sourceOf(row) < sourceOf(other) : difference > 0;
  };
  for (let row = 0; row < table.numRows; row++) {
    const key = keys[addresses.codes[row] ?? -1] ?? '';
    const holder = winners.get(key);
    if (holder === undefined || beats(row, holder)) winners.set(key, row);
  }
  const labels = new Map<string, AddressLabel>();
  for (const [key, row] of winners) {
    labels.set(key, {
      label: (levels[row] ?? 0) >= 2 ? 1 : 0,
      confidence: confidences[row] ?? 0,
      source: sourceOf(row),
    });
  }
  return labels;
}

/** The place of each row's risk level in {@link LEVELS}. */
function readLevels({ codes, values }: TextColumn): Int32Array {
  const places = values.map((value) => LEVELS.indexOf(value.trim().toLowerCase()));
  const levels = codes.map((code) => places[code] ?? -1);
  const wrong = levels.reduce((sum, level) => sum + (level < 0 ? 1 : 0), 0);
  if (wrong > 0) {
    const texts = values.filter((_, code) => (places[code] ?? -1) < 0).slice(0, 5);
    throw new InvalidAddressLabelsError({
      expected: `a risk_level of ${LEVELS.join(', ')}`,
      found: `${wrong} rows with ${texts.map((text) => `'${text}'`).join(', ')}`,
    });
  }
  return levels;
}

function readConfidences(table: Table): Float32Array {
  const confidences = readNumbers(table, 'confidence_score', new Float32Array(table.numRows));
  const wrong = confidences.filter((value) => !(value >= 0 && value <= 1));
  if (wrong.length > 0) {
    throw new InvalidAddressLabelsError({
      expected: 'a confidence_score from 0 to 1',
      found: `${wrong.length} rows with others, such as ${wrong[0]}`,
    });
  }
  return confidences;
}

/** Copies a numeric column, in however many batches it came, into one array. */
function readNumbers<T extends Int32Array | Float32Array>(table: Table, name: string, target: T): T {
  let offset = 0;
  for (const data of table.getChild(name)?.data ?? []) {
    target.set(data.values.subarray(0, data.length), offset);
    offset += data.length;
  }
  return target;
}
