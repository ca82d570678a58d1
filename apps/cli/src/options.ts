import { InvalidArgumentError, Option } from 'commander';

/** A whole number of at least `least`, for an option. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** A share between 0 and 1, for an option. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError('Expected a number between 0 and 1, such as 0.3.');
  }
  return value;
}

/** Options that several commands share. */
export const common = {
  network: () =>
    new Option('--network <name>', 'network of the snapshots, as in their META.json').makeOptionMandatory(),
  dataDir: () =>
    new Option('--data-dir <folder>', 'folder of the embedded ClickHouse (default: .risk-scoring)').env(
      'RISK_SCORING_DATA_DIR',
    ),
  windowDays: () =>
    new Option('--window-days <days>', 'window of the snapshots, in days')
      .argParser(wholeNumber(1))
      .default(30),
  json: () => new Option('--json', 'print the result as JSON').default(false),
} as const;
