import { literal } from '../sql-text.ts';

/** A setting as SET writes it. */
export function settingText(value: unknown): string {
  return typeof value === 'number' ? `${value}` : literal(String(value));
}

/**
 * A value as the text that ClickHouse reads a parameter from: tab-separated form, but arrays as literals. Undefined for what has no
 * such form, such as objects.
 */
export function parameterText(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => (typeof item === 'string' ? literal(item) : parameterText(item)));
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return `${value}`;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? escapeText(value) : undefined;
}

function escapeText(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}
