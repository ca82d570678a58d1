/** Whole numbers and decimals: what a value is a multiple of, and the smallest and largest number of these units. */
interface Steps {
  readonly scale: number;
  readonly least: bigint;
  readonly most: bigint;
}

const SEVERITIES = ['low', 'medium', 'high', 'critical'];
const DAY_MS = 86_400_000;

/**
 * What values of a column may become: those that it has, and one or two that it does not have. Scores in 0..1 stay there; other numbers stay
 * above the smallest one; a text may become one that nobody knows, a severity every other severity.
 *
 * @param held different values that it has, as texts, in ascending order
 * @param type its ClickHouse type
 * @returns two or more, numbers in ascending order; fewer where the type has no more or is not known
 * @example
 * alteredValues(['low', 'high'], 'String'); // ['low', 'high', 'medium', 'critical']
 */
export function alteredValues(held: readonly string[], type: string): string[] {
  const plain = /^(?:Nullable|LowCardinality)\((.+)\)$/.exec(type)?.[1];
  if (plain !== undefined) return alteredValues(held, plain);
  if (type === 'Bool') return ['false', 'true'];
  if (/^(?:Fixed)?String\b/.test(type)) return texts(held);
  if (/^B?Float/.test(type)) return floats(held, type);
  if (/^Date/.test(type)) return days(held);
  if (type.startsWith('Array(')) {
    return [...new Set(['[]', ...held, type.includes('String') ? "['~']" : '[1]'])];
  }
  const steps = stepsOf(type);
  return steps === undefined ? [...held] : numbers(held, steps);
}

function texts(held: readonly string[]): string[] {
  const known = new Set(held.map((text) => text.toLowerCase()));
  if (SEVERITIES.some((severity) => known.has(severity))) {
    return [...held, ...SEVERITIES.filter((severity) => !known.has(severity))];
  }
  const [last = ''] = held.slice(-1);
  return [...(held.length > 0 ? held : ['']), `${last}~`];
}

function floats(held: readonly string[], type: string): string[] {
  const [least, most] = [Number(held[0] ?? 0), Number(held.at(-1) ?? 0)];
  const isShare = least >= 0 && most <= 1;
  const inside = held.filter((text) => !(isShare && [0, 1].includes(Number(text))));
  if (isShare) return ['0', ...inside, '1'];
  const largest = type === 'Float64' ? Number.MAX_VALUE : 3e38;
  const above = Math.min(2 * most - least + 1, largest);
  return above > most ? [...held, String(above)] : [...held];
}

function numbers(held: readonly string[], { scale, least, most }: Steps): string[] {
  const first = unitsOf(held[0] ?? '0', scale);
  const last = unitsOf(held.at(-1) ?? '0', scale);
  const known = held.length > 0 ? held : ['0'];
  const above = 2n * last - first + 10n ** BigInt(scale);
  if (above <= most) return [...known, textOf(above, scale)];
  if (last < most) return [...known, textOf(most, scale)];
  return first > least ? [textOf(first - 1n, scale), ...known] : [...known];
}

function stepsOf(type: string): Steps | undefined {
  const integer = /^(U?)Int(\d+)$/.exec(type);
  if (integer) {
    const bits = BigInt(integer[2] ?? 8);
    const signed = integer[1] === '';
    const most = 2n ** (signed ? bits - 1n : bits) - 1n;
    return { scale: 0, least: signed ? -most - 1n : 0n, most };
  }
  const decimal = /^Decimal\((\d+), ?(\d+)\)$/.exec(type);
  if (!decimal) return undefined;
  const most = 10n ** BigInt(decimal[1] ?? 0) - 1n;
  return { scale: Number(decimal[2]), least: -most, most };
}

function unitsOf(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

function textOf(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function days(held: readonly string[]): string[] {
  const known = held.length > 0 ? held : ['2000-01-01'];
  const last = known.at(-1) ?? '';
  const next = new Date(Date.parse(`${last.slice(0, 10)}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return [...known, `${next}${last.slice(10)}`];
}
