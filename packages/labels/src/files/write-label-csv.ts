import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { RISK_LEVELS } from '../rows/risk-levels.ts';

const HEADER = 'address,label,risk_level,confidence,source,valid_from';

const DAY_MS = 86_400_000;

/**
 * Rows as CSV that `readLabelFile` reads back equal with the same risk-level options, as far as they are from a file: their `dates` are not written.
 * A row whose risk level is taken for neither class has an empty label.
 *
 * Texts are written as they are, also those that begin with `=`, `+`, `-` or `@`: a changed address would match no alert, and a changed
 * source would be another one. A spreadsheet may take such a cell for a formula, so import a file with names from strangers as text.
 *
 * @returns text that ends with a newline
 * @example
 * await writeFile('labels.csv', writeLabelCsv(rows));
 */
export function writeLabelCsv(rows: AddressLabelRows): string {
  const { addresses, labels, levels, confidences, sources, validFrom } = rows;
  const addressCells = addresses.values.map(quote);
  const sourceCells = sources.values.map(quote);
  const lines = [HEADER];
  for (let row = 0; row < rows.rows; row++) {
    const label = labels[row] ?? -1;
    const day = validFrom[row] ?? 0;
    lines.push(
      [
        addressCells[addresses.codes[row] ?? 0] ?? '',
        label < 0 ? '' : String(label),
        RISK_LEVELS[levels[row] ?? 0] ?? '',
        shortest(confidences[row] ?? 0),
        sourceCells[sources.codes[row] ?? 0] ?? '',
        day === 0 ? '' : new Date(day * DAY_MS).toISOString().slice(0, 10),
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The shortest decimal that is this float32 again. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
