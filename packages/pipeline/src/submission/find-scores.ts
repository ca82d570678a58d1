import { InvalidInputError } from '@risk-scoring/contract';
import { loadModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { NoScoresFoundError, type ScoredSnapshot } from './errors.ts';

/** The published scores of one snapshot by one model. */
export interface FoundScores {
  readonly model_id: string;
  readonly model_version: string;
  readonly rows: number;
  /** Of the rows; '' stands for rows inserted by hand. */
  readonly batches: readonly string[];
  /** The published batch of each raw table that was scored; empty where it is not known. */
  readonly data_batches: Readonly<Record<string, string>>;
}

/**
 * Finds the scores that are meant: those of the named model, or of the only one that scored the snapshot.
 *
 * @throws {NoScoresFoundError} when there are none
 * @throws {InvalidInputError} when several models scored it and none is named
 * @throws {ModelNotFoundError} for a name that is no model's
 */
export async function findScores(
  database: Database,
  { date, windowDays }: ScoredSnapshot,
  model: string | undefined,
): Promise<FoundScores> {
  const snapshot = { network: database.network, date, windowDays };
  const all = await scoresOf(database, snapshot);
  const available = all.map((scores) => scores.model_id);
  if (model === undefined) {
    const [only, ...others] = all;
    if (only === undefined) throw new NoScoresFoundError({ ...snapshot, available });
    if (others.length === 0) return only;
    throw new InvalidInputError({
      what: 'A submission without a model',
      expected: 'the scores of one model',
      found: `scores by ${available.join(', ')}`,
      remedy: 'name the model with --model',
    });
  }
  const named = all.find((scores) => scores.model_id === model);
  if (named) return named;
  if (all.length === 0 && model === 'latest') throw new NoScoresFoundError({ ...snapshot, available });
  const { metadata } = await loadModel(database, { model, modelType: 'alert_scorer', windowDays });
  const found = all.find((scores) => scores.model_id === metadata.model_id);
  if (found) return found;
  throw new NoScoresFoundError({ ...snapshot, model: metadata.model_id, available });
}

async function scoresOf(
  database: Database,
  { date, windowDays }: ScoredSnapshot,
): Promise<readonly FoundScores[]> {
  // One row: the scores of the snapshot by one model.
  return database.query<FoundScores>({
    sql: `SELECT
    scored.scored_by AS model_id,
    scored.scored_version AS model_version,
    scored.scored_rows AS rows,
    scored.scored_batches AS batches,
    batch.scored_data AS data_batches
FROM
(
    SELECT
        toString(alert_scores.model_id) AS scored_by,
        argMax(toString(alert_scores.model_version), alert_scores.batch_id) AS scored_version,
        toFloat64(count()) AS scored_rows,
        groupUniqArray(toString(alert_scores.batch_id)) AS scored_batches,
        max(toString(alert_scores.batch_id)) AS newest_batch
    FROM published_alert_scores AS alert_scores
    WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
    GROUP BY scored_by
) AS scored
LEFT JOIN
(
    SELECT batch_metadata.batch_id AS known_batch, any(batch_metadata.data_batches) AS scored_data
    FROM batch_metadata
    WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
        AND batch_id IN (SELECT published_batch_id FROM published_score_batches)
    GROUP BY known_batch
) AS batch ON scored.newest_batch = batch.known_batch
ORDER BY model_id`,
    params: { date, window: windowDays },
    doing: `looking for the scores of ${date}`,
  });
}
