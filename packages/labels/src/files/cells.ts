import { riskLevelOf } from '../rows/risk-levels.ts';

/** What a cell says that cannot be meant. */
export const NO_MEANING = Number.NaN;

const MOST_ADDRESS_LENGTH = 200;
const DAY_MS = 86_400_000;

/** The days that ClickHouse's `Date` holds. */
const LAST_DAY = 65_535;

/** Whether a cell holds nothing. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** What an address must be; see {@link isNoAddress}. */
export const ADDRESS_EXPECTED = `an address of 1 to ${MOST_ADDRESS_LENGTH} characters, none of them a control character`;

/** Whether a trimmed text cannot be an address; lone surrogates are halves of characters. */
export function isNoAddress(text: string): boolean {
  return text === '' || text.length > MOST_ADDRESS_LENGTH || /[\p{Cc}\p{Cs}]/u.test(text);
}

export const LABEL_EXPECTED = 'a label of 1, 0, true, false, suspicious or normal';

const LABEL_TEXTS = new Map([
  ['1', 1],
  ['0', 0],
  // As tools write whole numbers of a column that has gaps.
  ['1.0', 1],
  ['0.0', 0],
  ['true', 1],
  ['false', 0],
  ['suspicious', 1],
  ['normal', 0],
]);

/** 1 or 0. */
export function readLabel(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return LABEL_TEXTS.get(value) ?? LABEL_TEXTS.get(value.trim().toLowerCase()) ?? NO_MEANING;
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
    case 'bigint':
      return Number(value) === 1 ? 1 : Number(value) === 0 ? 0 : NO_MEANING;
    default:
      return NO_MEANING;
  }
}

export const RISK_LEVEL_EXPECTED = 'a risk_level of low, medium, high or critical';

/** The place in `RISK_LEVELS`. */
export function readRiskLevel(value: unknown): number {
  const level = typeof value === 'string' ? riskLevelOf(value) : -1;
  return level < 0 ? NO_MEANING : level;
}

export const CONFIDENCE_EXPECTED = 'a confidence from 0 to 1';

const DECIMAL = /^\s*\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** From 0 to 1. */
export function readConfidence(value: unknown): number {
  const number =
    typeof value === 'string' && DECIMAL.test(value)
      ? Number(value)
      : typeof value === 'number' || typeof value === 'bigint'
        ? Number(value)
        : NO_MEANING;
  return number >= 0 && number <= 1 ? number : NO_MEANING;
}

export const DATE_EXPECTED = 'a date YYYY-MM-DD from 1970-01-01 to 2149-06-06';

/** Days since 1970-01-01, of a text or of a point in time at midnight UTC. */
export function readDay(value: unknown): number {
  const ms =
    typeof value === 'string'
      ? parseDate(value.trim())
      : value instanceof Date
        ? value.getTime()
        : NO_MEANING;
  const day = ms / DAY_MS;
  return Number.isInteger(day) && day >= 0 && day <= LAST_DAY ? day : NO_MEANING;
}

function parseDate(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return NO_MEANING;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // February 30th would be taken for March 2nd.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : NO_MEANING;
}
