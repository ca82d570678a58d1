import type { TextColumn } from '@risk-scoring/contract';
import type { LabelSetRows } from '../label-sets/index.ts';

/** Texts as a column. */
export function textColumn(texts: readonly string[]): TextColumn {
  const values = [...new Set(texts)];
  const code = new Map(values.map((value, index) => [value, index]));
  return { codes: Int32Array.from(texts, (text) => code.get(text) ?? 0), values };
}

/** So many rows: addresses `{prefix}0` and so on, risk levels in turn, confidence 0.5, valid from any day. */
export function labelRows(count: number, prefix = '0x'): LabelSetRows {
  const each = Array.from({ length: count }, (_, row) => row);
  const levels = ['low', 'medium', 'high', 'critical'];
  return {
    rows: count,
    addresses: { codes: Int32Array.from(each), values: each.map((row) => `${prefix}${row}`) },
    riskLevels: { codes: Int32Array.from(each, (row) => row % 4), values: levels },
    confidences: new Float32Array(count).fill(0.5),
    sources: textColumn(each.map(() => 'me')),
    validFrom: new Int32Array(count),
  };
}
