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

/** A share above 0 and up to 1, for an option. */
export function shareUpToOne(text: string): number {
  return Number(text) === 1 ? 1 : share(text);
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** A size in bytes, for an option: `500`, `64k`, `16GiB`. */
export function byteSize(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const value = Math.round(Number(digits) * (units[unit?.toLowerCase() ?? ''] ?? Number.NaN));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a size such as 64k, 200MiB or 16GiB.');
}

/** A text that says something, for an option: an unset shell variable does not. */
export function someText(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Expected a text that is not empty.');
}

/** Hours, for an option. */
export function hours(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('Expected hours, 0 to 1000000.');
}

/** Takes an option that may be given several times. */
export function several(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, someText(text)];
}

/** Options that several commands share. */
export const common = {
  network: () =>
    new Option('--network <name>', 'network of the snapshots, as in their META.json').makeOptionMandatory(),
  dataDir: () =>
    new Option(
      '--data-dir <folder>',
      'use the embedded ClickHouse in this folder (default: the server of CLICKHOUSE_URL, else RISK_SCORING_DATA_DIR, else what the configuration says under storage, else .risk-scoring)',
    ).argParser(someText),
  windowDays: () =>
    new Option('--window-days <days>', 'window of the snapshots, in days')
      .argParser(wholeNumber(1))
      .default(30),
  model: () =>
    new Option(
      '--model <id>',
      'a model id, an alias such as champion, the path of its .json, or latest',
    ).default('latest'),
  modelType: () =>
    new Option(
      '--model-type <type>',
      'the type of the model: alert_scorer, alert_ranker or cluster_scorer (default: alert_scorer for latest, else the type of the model that is named)',
    ),
  config: () =>
    new Option(
      '--config <file>',
      'the configuration (default: risk-scoring.config.yaml, .yml or .json of this folder, where there is one)',
    ).argParser(someText),
  json: () => new Option('--json', 'print the result as JSON').default(false),
} as const;
