import type { NumericParameter } from './search-space.ts';

/**
 * The line on which a numeric parameter is searched: its value, or the natural logarithm of it. Where only some values are allowed,
 * each owns the stretch of the line that is nearer to it than to its neighbours, as long beyond the first and the last as
 * before them, so that ends are as likely as others.
 */
export interface Axis {
  /** Where the line starts and ends. */
  readonly from: number;
  readonly to: number;
  /** How many values there are; undefined for a continuum. */
  readonly count: number | undefined;
  /** The k-th value, of those that can be counted. */
  valueAt(k: number): number;
  /** The place of a value on the line. */
  place(value: number): number;
  /** The value at a place; places beyond the ends give the ends. */
  value(place: number): number;
  /** The stretch that a value owns; undefined in a continuum. */
  stretch(value: number): readonly [number, number] | undefined;
}

/** The line of a parameter. */
export function axisOf(parameter: NumericParameter): Axis {
  const { low, high } = parameter;
  const place = parameter.log ? Math.log : (value: number) => value;
  const unplace = parameter.log ? Math.exp : (at: number) => at;
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : undefined);
  if (step === undefined) {
    return {
      from: place(low),
      to: place(high),
      count: undefined,
      valueAt: () => low,
      place,
      value: (at) => Math.min(high, Math.max(low, unplace(at))),
      stretch: () => undefined,
    };
  }

  // The tolerance keeps 0.3 among 0.1, 0.2, 0.3, although (0.3 - 0.1) / 0.1 is below 2.
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  // 15 digits: 0.3 instead of 0.30000000000000004.
  const valueAt = (k: number) =>
    parameter.type === 'int' ? low + k * step : Number((low + k * step).toPrecision(15));
  const edge = (k: number): number => {
    if (k === 0) return 2 * place(valueAt(0)) - edge(1);
    if (k === count) return 2 * place(valueAt(count - 1)) - edge(count - 1);
    return (place(valueAt(k - 1)) + place(valueAt(k))) / 2;
  };
  const indexOf = (at: number): number => {
    const guess = Math.min(count - 1, Math.max(0, Math.floor((unplace(at) - low) / step)));
    if (guess + 1 < count && at >= edge(guess + 1)) return guess + 1;
    return guess > 0 && at < edge(guess) ? guess - 1 : guess;
  };
  return {
    from: edge(0),
    to: edge(count),
    count,
    valueAt,
    place,
    value: (at) => valueAt(indexOf(at)),
    stretch: (value) => {
      const k = Math.min(count - 1, Math.max(0, Math.round((value - low) / step)));
      return [edge(k), edge(k + 1)];
    },
  };
}
