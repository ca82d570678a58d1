import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';

/** One move of an alias. */
export interface AliasMove {
  readonly network: string;
  readonly model_type: ModelType;
  readonly alias: string;
  readonly sequence: number;
  /** Null where it stood for no model before. */
  readonly from: string | null;
  /** Null where it was removed. */
  readonly to: string | null;
  /** `YYYY-MM-DD hh:mm:ss.ffffff`, UTC. */
  readonly moved_at: string;
  readonly reason: string;
}

/** Whose moves; of all aliases where nothing is given. */
export interface HistoryFilter {
  readonly modelType?: ModelType;
  readonly alias?: string;
}

/**
 * Every move that counted, the newest first; of several aliases, one alias after the other.
 *
 * @example
 * const [last] = await aliasHistory(database, { modelType: 'alert_scorer', alias: 'champion' });
 * console.log(last?.from, '→', last?.to, last?.reason);
 */
export async function aliasHistory(database: Database, filter: HistoryFilter = {}): Promise<AliasMove[]> {
  // One row: a move that counted, beside the model of the one before it.
  return database.query<AliasMove>({
    sql: `WITH counted AS (
    SELECT network, model_type AS type, alias AS name, sequence AS number, model_id AS target, moved_at AS time, reason AS why
    FROM model_aliases
    WHERE network = {network:String}
        AND ({model_type:String} = '' OR model_type = {model_type:String})
        AND ({alias:String} = '' OR alias = {alias:String})
    ORDER BY type, name, number, time, move_id
    LIMIT 1 BY type, name, number
)
SELECT
    network,
    type AS model_type,
    name AS alias,
    toFloat64(number) AS sequence,
    nullIf(lagInFrame(target, 1, '') OVER (PARTITION BY type, name ORDER BY number
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), '') AS \`from\`,
    nullIf(target, '') AS \`to\`,
    toString(time, 'UTC') AS moved_at,
    why AS reason
FROM counted
ORDER BY type, name, number DESC`,
    params: { network: database.network, model_type: filter.modelType ?? '', alias: filter.alias ?? '' },
    doing: 'reading the moves of aliases',
  });
}
