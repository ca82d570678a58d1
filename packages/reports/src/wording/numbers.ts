/** What stands where there is no figure. */
export const NO_FIGURE = '–';

/** A count with thousands separated: 20,000. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A figure with three digits: 0.942; a dash where there is none. */
export function figure(value: number | null | undefined): string {
  if (typeof value !== 'number') return NO_FIGURE;
  const text = value.toFixed(3);
  return text === '-0.000' ? '0.000' : text;
}

/** A share of 0..1 as a percentage: 16.1 %. */
export function percent(value: number | null | undefined): string {
  return typeof value === 'number' ? `${(value * 100).toFixed(1)} %` : NO_FIGURE;
}

/** An interval: 0.895 to 0.979; a dash where there is none. */
export function interval(bounds: readonly [number, number] | null | undefined): string {
  return bounds ? `${figure(bounds[0])} to ${figure(bounds[1])}` : NO_FIGURE;
}

/** A figure of any size, in a few digits: 10,488, 0.0042, 3.8e-8. */
export function amount(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(1);
  if (size >= 100) return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return String(Number(value.toPrecision(3)));
}

/** `1 alert`, `2 alerts`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
