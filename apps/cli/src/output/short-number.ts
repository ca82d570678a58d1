const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/**
 * A number of at least 0 in a few characters: two digits below ten, whole above.
 *
 * @example
 * shortNumber(999); // '999'
 * shortNumber(1_234_567); // '1.2M'
 * shortNumber(310_400); // '310k'
 */
export function shortNumber(value: number): string {
  const [amount, unit] = scale(value);
  return `${amount}${unit}`;
}

/**
 * A number of bytes in a few characters, in powers of 1000.
 *
 * @example
 * shortBytes(1_234_567); // '1.2 MB'
 */
export function shortBytes(value: number): string {
  const [amount, unit] = scale(value);
  return `${amount} ${unit}B`;
}

/**
 * Seconds as a clock shows them; from two days on, days and hours.
 *
 * @example
 * clock(12.4); // '0:12'
 * clock(3723); // '1:02:03'
 * clock(187_200); // '2d 4h'
 */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)}d ${hours % 24}h`;
  const two = (value: number) => `${value}`.padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** 999,950 is not 1000k but 1.0M, so what rounds up to the next unit takes it. */
function scale(value: number): [amount: string, unit: string] {
  for (const [size, unit] of steps) {
    if (value >= size * 0.9995) {
      const scaled = value / size;
      return [scaled < 9.95 ? scaled.toFixed(1) : `${Math.round(scaled)}`, unit];
    }
  }
  const inTenths = value >= 0.05 && value < 9.95 && !Number.isInteger(value);
  return [inTenths ? value.toFixed(1) : `${Math.round(value)}`, ''];
}
