import { type Database, publishedTables } from '@risk-scoring/storage';
import { type ScoredSnapshot, ScoresOutdatedError, SubmissionRefusedError } from './errors.ts';
import type { FoundScores } from './find-scores.ts';

/** What a score is made of; labels may be replaced without any score changing its meaning. */
const SCORED_TABLES = ['raw_alerts', 'raw_features'];

const MOST_EXAMPLES = 5;

/**
 * Refuses scores that a validator would refuse: of another snapshot than the published one, not one for each alert, or outside 0..1.
 *
 * @throws {ScoresOutdatedError} when the snapshot was replaced after it had been scored
 * @throws {SubmissionRefusedError} saying how many alerts are at fault, and some of them
 */
export async function checkScores(
  database: Database,
  snapshot: ScoredSnapshot,
  scores: FoundScores,
): Promise<void> {
  const model = scores.model_id;
  const tables = await replacedTables(database, snapshot, scores);
  if (tables.length > 0) throw new ScoresOutdatedError({ ...snapshot, model, tables });
  const problems = await problemsOf(database, snapshot, scores);
  if (problems.length > 0) throw new SubmissionRefusedError({ ...snapshot, model, problems });
}

async function replacedTables(
  database: Database,
  { date, windowDays }: ScoredSnapshot,
  { data_batches: scored }: FoundScores,
): Promise<string[]> {
  const known = SCORED_TABLES.filter((table) => scored[table] !== undefined);
  if (known.length === 0) return [];
  const tables = await publishedTables(database, { processingDate: date, windowDays });
  const now = new Map(tables.map(({ table, batchId }) => [table, batchId]));
  return known.filter((table) => now.get(table) !== scored[table]);
}

interface Faults {
  readonly count: number;
  readonly examples: readonly string[];
}

async function problemsOf(
  database: Database,
  { date, windowDays }: ScoredSnapshot,
  { model_id: model, batches }: FoundScores,
): Promise<string[]> {
  const say = (kind: string, condition: string) =>
    `toFloat64(countIf(${condition})) AS ${kind}_count, groupArrayIf(${MOST_EXAMPLES})(id, ${condition}) AS ${kind}_examples`;
  // One row for all; within, one row per alert id of the snapshot or of the scores.
  const [row] = await database.query<Record<string, number | readonly string[]>>({
    sql: `SELECT
    ${say('missing', 'scored_times = 0')},
    ${say('twice', 'scored_times > 1')},
    ${say('unknown', 'alert_times = 0')},
    ${say('wrong', 'wrong_scores > 0')},
    ${say('empty', "scored_times > 0 AND id = ''")}
FROM
(
    SELECT id, sum(in_alerts) AS alert_times, sum(in_scores) AS scored_times, sum(is_wrong) AS wrong_scores
    FROM
    (
        SELECT alert_id AS id, 1 AS in_alerts, 0 AS in_scores, 0 AS is_wrong
        FROM published_alerts
        WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
        UNION ALL
        SELECT alert_id AS id, 0 AS in_alerts, 1 AS in_scores, NOT (score >= 0 AND score <= 1) AS is_wrong
        FROM published_alert_scores
        WHERE processing_date = {date:Date} AND window_days = {window:UInt16} AND model_id = {model:String}
            AND batch_id IN {batches:Array(String)}
    )
    GROUP BY id
    ORDER BY id
)`,
    params: { date, window: windowDays, model, batches },
    doing: 'comparing the scores with the alerts',
  });
  const faultsOf = (kind: string): Faults => ({
    count: Number(row?.[`${kind}_count`] ?? 0),
    examples: (row?.[`${kind}_examples`] ?? []) as readonly string[],
  });
  const kinds = {
    missing: 'without a score',
    twice: 'with several scores',
    unknown: 'that the snapshot does not have',
    wrong: 'with a score that is not from 0 to 1',
    empty: 'without an id',
  };
  return Object.entries(kinds).flatMap(([kind, words]) => {
    const { count, examples } = faultsOf(kind);
    return count === 0 ? [] : [`alerts ${words}: ${count} (${examples.map((id) => `'${id}'`).join(', ')})`];
  });
}
