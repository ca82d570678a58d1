import { readTextColumn } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { readDays, readNumbers } from '../columns.ts';
import { InvalidAddressLabelsError } from '../errors.ts';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { RISK_LEVELS, type RiskLevel, riskLevelOf } from '../rows/risk-levels.ts';

/**
 * The rows of one stored data set.
 *
 * @param table address, risk_level, confidence_score, source and valid_from, as in miner_labels
 * @throws {InvalidAddressLabelsError} for a risk level or confidence that is none, as rows that were inserted by hand may have
 * @example
 * rowsOfLabelSet(await readLabelSet(database, { dataSet: 'mine' }), { positive: ['high', 'critical'], negative: ['low', 'medium'] });
 */
export function rowsOfLabelSet(
  table: Table,
  {
    positive,
    negative,
  }: { readonly positive: readonly RiskLevel[]; readonly negative: readonly RiskLevel[] },
): AddressLabelRows {
  const levelTexts = readTextColumn(table, 'risk_level');
  const wrong = levelTexts.values.find((text) => riskLevelOf(text) < 0);
  if (wrong !== undefined) {
    throw new InvalidAddressLabelsError({
      expected: `a risk_level of ${RISK_LEVELS.join(', ')}`,
      found: `'${wrong}' in miner_labels`,
    });
  }
  const confidences = Float32Array.from(readNumbers(table, 'confidence_score'));
  const outside = confidences.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    throw new InvalidAddressLabelsError({
      expected: 'a confidence_score from 0 to 1',
      found: `${outside} in miner_labels`,
    });
  }
  const levelOf = levelTexts.values.map(riskLevelOf);
  const levels = Int8Array.from(levelTexts.codes, (code) => levelOf[code] ?? 0);
  const labelOf = RISK_LEVELS.map((level) =>
    positive.includes(level) ? 1 : negative.includes(level) ? 0 : -1,
  );
  const validFrom = readDays(table, 'valid_from');
  return {
    rows: table.numRows,
    addresses: readTextColumn(table, 'address'),
    labels: levels.map((level) => labelOf[level] ?? -1),
    levels,
    confidences,
    sources: readTextColumn(table, 'source'),
    dates: validFrom,
    validFrom,
  };
}
