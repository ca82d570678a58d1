import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';

/** Where an alias stands. */
export interface AliasState {
  readonly network: string;
  readonly model_type: ModelType;
  /** `champion`, `challenger` or any other name. */
  readonly alias: string;
  readonly model_id: string;
  /** 1 for the first move of the alias, and one more for each. */
  readonly sequence: number;
  /** `YYYY-MM-DD hh:mm:ss.ffffff`, UTC. */
  readonly moved_at: string;
  readonly reason: string;
}

/** What to list; everything where nothing is given. */
export interface AliasFilter {
  readonly modelType?: ModelType;
  readonly alias?: string;
  readonly modelId?: string;
}

/** The last move of an alias, which may have been its removal. */
export interface LastMove extends Omit<AliasState, 'model_id'> {
  readonly model_id: string | null;
  readonly move_id: string;
}

/**
 * The aliases of a network and the models they stand for, by model type and name. Removed ones are left out.
 *
 * @example
 * const [champion] = await listAliases(database, { modelType: 'alert_scorer', alias: 'champion' });
 */
export async function listAliases(database: Database, filter: AliasFilter = {}): Promise<AliasState[]> {
  const rows = await lastMoves(database, filter);
  return rows.flatMap(({ move_id: _, ...row }) =>
    row.model_id === null || (filter.modelId !== undefined && filter.modelId !== row.model_id)
      ? []
      : [{ ...row, model_id: row.model_id }],
  );
}

/** The last move of one alias, or null where it was never made. */
export async function lastMove(
  database: Database,
  { modelType, alias }: { readonly modelType: ModelType; readonly alias: string },
): Promise<LastMove | null> {
  const [move] = await lastMoves(database, { modelType, alias });
  return move ?? null;
}

/** The move that counts at a place of an alias's sequence: the earliest there; null where nothing stands there. */
export async function moveAt(
  database: Database,
  { modelType, alias }: { readonly modelType: ModelType; readonly alias: string },
  sequence: number,
): Promise<LastMove | null> {
  const [move] = await database.query<LastMove>({
    sql: `${SELECT_MOVES}
WHERE network = {network:String}
    AND model_type = {model_type:String}
    AND alias = {alias:String}
    AND model_aliases.sequence = {sequence:UInt64}
ORDER BY model_aliases.moved_at, move_id
LIMIT 1`,
    params: { network: database.network, model_type: modelType, alias, sequence },
    doing: `reading back the alias ${alias}`,
  });
  return move ?? null;
}

/** One row: a row of the table, whether or not it counts. */
const SELECT_MOVES = `SELECT
    network,
    model_type,
    alias,
    nullIf(model_id, '') AS model_id,
    toFloat64(model_aliases.sequence) AS sequence,
    toString(model_aliases.moved_at, 'UTC') AS moved_at,
    reason,
    move_id
FROM model_aliases`;

async function lastMoves(database: Database, filter: AliasFilter): Promise<LastMove[]> {
  // One row: the last move of an alias; of several with its sequence the earliest.
  return database.query<LastMove>({
    sql: `${SELECT_MOVES}
WHERE network = {network:String}
    AND ({model_type:String} = '' OR model_type = {model_type:String})
    AND ({alias:String} = '' OR alias = {alias:String})
ORDER BY model_type, alias, model_aliases.sequence DESC, model_aliases.moved_at, move_id
LIMIT 1 BY model_type, alias`,
    params: { network: database.network, model_type: filter.modelType ?? '', alias: filter.alias ?? '' },
    doing: 'looking at the aliases of models',
  });
}
