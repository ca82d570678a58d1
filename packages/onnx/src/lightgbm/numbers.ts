import { ModelFormatError } from '../errors.ts';

const integerText = /^-?\d{1,10}$/;
const decimalText = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Where a value stands in the text, for messages. */
export interface Place {
  readonly key: string;
  readonly line: number;
}

/** Reads `text` as an integer within `min … max`. */
export function parseInteger(text: string, place: Place, range: { min: number; max: number }): number {
  const value = integerText.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw new ModelFormatError({
      expected: `${place.key} as an integer from ${range.min} to ${range.max}`,
      found: quote(text),
      line: place.line,
    });
  }
  return value;
}

/** Reads `text` as a finite decimal number; LightGBM writes doubles with 17 digits, which Number() restores bit by bit. */
export function parseDecimal(text: string, place: Place): number {
  const value = decimalText.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw new ModelFormatError({
      expected: `${place.key} as finite numbers`,
      found: quote(text),
      line: place.line,
    });
  }
  return value;
}

/** Reads a threshold: a decimal number, or `inf` where a split divides NaN from all numbers. */
export function parseThreshold(text: string, place: Place): number {
  return text === 'inf' ? Number.POSITIVE_INFINITY : parseDecimal(text, place);
}

/** Splits a space-separated list of exactly `count` items. */
export function splitList(text: string, place: Place, count: number): readonly string[] {
  const items = text === '' ? [] : text.split(' ');
  if (items.length !== count) {
    throw new ModelFormatError({
      expected: `${count} values of ${place.key}`,
      found: `${items.length}`,
      line: place.line,
    });
  }
  return items;
}

/** A piece of the text for a message, cut short. */
export function quote(text: string): string {
  return text.length > 60 ? `'${text.slice(0, 60)}…'` : `'${text}'`;
}
