import { RiskScoringError, type TrainingPeriod } from '@risk-scoring/contract';
import { type Database, inParallel } from '@risk-scoring/storage';

/** Rows that would make features or figures wrong without anybody noticing. */
export class InvalidDataError extends RiskScoringError {
  constructor(parts: { period: TrainingPeriod; problems: readonly string[] }) {
    const { network, startDate, endDate, windowDays } = parts.period;
    super({
      code: 'INVALID_DATA',
      category: 'data',
      summary: `The published rows of ${network} from ${startDate} to ${endDate} (window ${windowDays}) cannot be used.`,
      expected:
        'each alert_id, each address of raw_features and each ordered pair of raw_money_flows once per snapshot (hex addresses without their letter case), addresses that are not empty, confidences in 0..1, timestamps in Unix milliseconds',
      found: parts.problems.join('; '),
      remedy: 'mend or remove these rows, or ingest the snapshots again',
    });
  }
}

interface Check {
  readonly problem: string;
  /** What to read from: a view of published rows, or a SELECT of them. */
  readonly view: string;
  /** What the rows are of, for messages. */
  readonly table: string;
  /** Counts the offending rows of one snapshot. */
  readonly count: string;
  /** What names an offending row, and what is the same for rows that should be one. */
  readonly twins?: { readonly name: string; readonly by: string };
}

// The first millisecond timestamp taken for one: 1973-03-03. In seconds it is the year 5138.
const earliestMilliseconds = 100_000_000_000;

/** The published rows of a table with the numbers under which addresses are compared, which its view does not show. */
const withKeys = (table: string, keys: string) => `(SELECT *, ${keys} FROM ${table}
    WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = '${table}'))`;
const features = withKeys('raw_features', 'address_key');

const checks: readonly Check[] = [
  {
    problem: 'alerts whose alert_id stands twice in a snapshot',
    table: 'raw_alerts',
    view: 'published_alerts',
    count: 'count() - uniqExact(alert_id)',
    twins: { name: 'alert_id', by: 'processing_date, alert_id' },
  },
  {
    problem: 'alerts without an address',
    table: 'raw_alerts',
    view: 'published_alerts',
    count: `countIf(address = '')`,
  },
  {
    problem: 'alerts with a confidence outside 0..1',
    table: 'raw_alerts',
    view: 'published_alerts',
    count: 'countIf(NOT (alert_confidence_score >= 0 AND alert_confidence_score <= 1))',
  },
  {
    problem: 'feature rows whose address stands twice in a snapshot',
    table: 'raw_features',
    view: features,
    count: 'count() - uniqExact(address_key)',
    twins: { name: 'address', by: 'processing_date, address_key' },
  },
  {
    problem: 'feature rows with timestamps that are not in milliseconds',
    table: 'raw_features',
    view: features,
    count: `countIf(last_activity_timestamp > 0 AND last_activity_timestamp < ${earliestMilliseconds})`,
  },
  {
    problem: 'feature rows active on or after their processing date',
    table: 'raw_features',
    view: features,
    count: `countIf(last_activity_timestamp >= toUInt64(toUInt16(processing_date)) * 86400000)`,
  },
  {
    problem: 'money flows whose pair of addresses stands twice in a snapshot',
    table: 'raw_money_flows',
    view: withKeys('raw_money_flows', 'from_key, to_key'),
    count: 'count() - uniqExact(from_key, to_key)',
    twins: { name: "concat(from_address, ' to ', to_address)", by: 'processing_date, from_key, to_key' },
  },
];

/**
 * Counts, in the database, the rows that no model should learn from or score.
 *
 * @throws {InvalidDataError} naming every kind that occurs and how often
 */
export async function assertUsable(database: Database, period: TrainingPeriod): Promise<void> {
  const problems = new Map<Check, string>();
  const views = [...new Set(checks.map((check) => check.view))];
  await inParallel(views, views.length, async (view) => {
    const ofView = checks.filter((check) => check.view === view);
    // By snapshot, within which alone rows may repeat each other: a smaller set of keys at a time is found in half the time.
    const snapshots = await database.query<Record<string, number>>({
      sql: `SELECT ${ofView.map((check, index) => `toFloat64(${check.count}) AS c${index}`).join(',\n    ')}
FROM ${view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
GROUP BY processing_date`,
      params: { start: period.startDate, end: period.endDate, window: period.windowDays },
      beside: true,
      doing: `checking ${ofView[0]?.table ?? ''}`,
    });
    for (const [index, check] of ofView.entries()) {
      const count = snapshots.reduce((sum, counts) => sum + (counts[`c${index}`] ?? 0), 0);
      if (count > 0)
        problems.set(check, `${count} ${check.problem}${await nameTwins(database, period, check)}`);
    }
  });
  if (problems.size === 0) return;
  throw new InvalidDataError({
    period,
    problems: checks.flatMap((check) => problems.get(check) ?? []),
  });
}

/** Some of the rows that stand twice: `: 0xab on 2020-01-01, …`. */
async function nameTwins(
  database: Database,
  period: TrainingPeriod,
  { table, view, twins }: Check,
): Promise<string> {
  if (twins === undefined) return '';
  const rows = await database.query<{ name: string; date: string }>({
    sql: `SELECT min(${twins.name}) AS name, toString(min(processing_date)) AS date
FROM ${view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
GROUP BY ${twins.by}
HAVING count() > 1
ORDER BY date, name
LIMIT 5`,
    params: { start: period.startDate, end: period.endDate, window: period.windowDays },
    doing: `naming rows of ${table}`,
  });
  return `: ${rows.map(({ name, date }) => `${name} on ${date}`).join(', ')}`;
}
