import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { notFound } from '../not-found.ts';
import { listModels } from '../trained-models.ts';
import { type AliasMove, aliasHistory } from './alias-history.ts';
import { validateAliasName } from './alias-name.ts';
import { type LastMove, lastMove, listAliases, moveAt } from './alias-state.ts';
import { AliasModelError, AliasMovedMeanwhileError, AliasNotFoundError } from './errors.ts';

/** The reason of a move to no model that a deletion made. */
export const MODEL_DELETED = 'its model was deleted';

/** An alias and the model that it is to stand for. */
export interface AliasRequest {
  readonly modelType: ModelType;
  readonly alias: string;
  readonly modelId: string;
  /** The model that the alias must stand for now; null for none. Not checked where it is left out. */
  readonly expected?: string | null;
  readonly reason?: string;
}

/** An alias that is to stand for nothing. */
export type RemoveRequest = Omit<AliasRequest, 'modelId'>;

/** An alias that is to stand for what it stood for before. */
export type RollbackRequest = Pick<AliasRequest, 'modelType' | 'alias'> & {
  /** How many models back, from the present one; 1 by default. */
  readonly steps?: number;
};

/**
 * Makes an alias stand for a model, or changes nothing. Of several moves made at once, by however many processes, one is
 * made and the others are refused. An alias that already stands for the model stays as it is: its last move is returned.
 *
 * @returns the move
 * @throws {InvalidInputError} for a name that an alias cannot have
 * @throws {ModelNotFoundError} for a model that is not registered, or was deleted meanwhile
 * @throws {AliasModelError} for a model of another type
 * @throws {AliasMovedMeanwhileError} when another move came first, or the alias does not stand for `expected`
 * @example
 * await moveAlias(database, { modelType: 'alert_scorer', alias: 'champion', modelId, expected: formerId, reason: 'better AUC' });
 */
export async function moveAlias(database: Database, request: AliasRequest): Promise<AliasMove> {
  const { alias, modelType, modelId } = request;
  validateAliasName(alias);
  const last = await lastMove(database, request);
  assertExpected(database, { request, last });
  const [model] = await listModels(database, { modelId });
  if (model === undefined) throw await notFound(database, `model '${modelId}'`, { modelType });
  if (model.model_type !== modelType) {
    throw new AliasModelError({ modelId, alias, modelType, found: model.model_type });
  }
  return appendMove(database, { last, modelType, alias, to: modelId, reason: request.reason ?? '' });
}

/**
 * Makes an alias stand for no model. Its history stays, and {@link moveAlias} or `rollbackAlias` bring it back.
 *
 * @throws {AliasNotFoundError} when it stands for no model
 * @throws {AliasMovedMeanwhileError} as {@link moveAlias}
 * @example
 * await removeAlias(database, { modelType: 'alert_scorer', alias: 'challenger' });
 */
export async function removeAlias(database: Database, request: RemoveRequest): Promise<AliasMove> {
  const { alias, modelType } = request;
  const last = await lastMove(database, request);
  assertExpected(database, { request, last });
  if (last === null || last.model_id === null) throw await noSuchAlias(database, request);
  return appendMove(database, { last, modelType, alias, to: null, reason: request.reason ?? 'removed' });
}

/** The error for an alias that stands for no model, with those that are there. */
export async function noSuchAlias(
  database: Database,
  { modelType, alias }: Pick<AliasRequest, 'modelType' | 'alias'>,
): Promise<AliasNotFoundError> {
  const states = await listAliases(database, { modelType });
  return new AliasNotFoundError({
    modelType,
    alias,
    network: database.network,
    where: database.name,
    available: states.map((state) => state.alias),
  });
}

/** A move from what an alias was seen to stand for. */
interface Step {
  readonly last: LastMove | null;
  readonly modelType: ModelType;
  readonly alias: string;
  /** Null: no model. */
  readonly to: string | null;
  readonly reason: string;
}

/**
 * Appends the move that follows `last`, unless another one does already.
 *
 * The token names the place in the sequence, and the engine takes one insert of a token, under the lock of the table: of
 * several rows for one place one is written, whichever process they come from. The row that is found there tells who won.
 *
 * @throws {AliasMovedMeanwhileError} when another move took the place
 * @throws {ModelNotFoundError} when the model was deleted meanwhile; the alias then stands for none
 */
export async function appendMove(database: Database, step: Step): Promise<AliasMove> {
  const { last, modelType, alias, to, reason } = step;
  const from = last?.model_id ?? null;
  if (from === to && last !== null) {
    const [move] = await aliasHistory(database, step);
    if (move?.sequence === last.sequence) return move;
    throw movedMeanwhile(database, step, await lastMove(database, step));
  }
  const sequence = (last?.sequence ?? 0) + 1;
  const moveId = randomUUID();
  const row = { network: database.network, model_type: modelType, alias, sequence, model_id: to ?? '' };
  await database.command({
    sql: 'INSERT INTO model_aliases FORMAT JSONEachRow',
    doing: `moving the alias ${alias}`,
    settings: {
      async_insert: 0,
      insert_deduplicate: 1,
      insert_deduplication_token: ['alias', database.network, modelType, alias, sequence].join('/'),
    },
    repeatable: true,
    open: () => Readable.from([Buffer.from(JSON.stringify({ ...row, reason, move_id: moveId }))]),
  });
  const placed = await moveAt(database, step, sequence);
  if (placed?.move_id !== moveId) throw movedMeanwhile(database, step, placed);
  if (to !== null) await assertStillThere(database, { ...step, to, last: placed });
  const { network, moved_at } = placed;
  return { network, model_type: modelType, alias, sequence, from, to, moved_at, reason };
}

/** A deletion looks for aliases once the row is gone, and a move looks for the row once it is made: one of them sees the other. */
async function assertStillThere(
  database: Database,
  step: Step & { readonly to: string; readonly last: LastMove },
): Promise<void> {
  const { modelType, to: modelId } = step;
  if ((await listModels(database, { modelId })).length > 0) return;
  try {
    await appendMove(database, { ...step, to: null, reason: MODEL_DELETED });
  } catch (error) {
    // Then somebody else took it back, or made another move.
    if (!(error instanceof AliasMovedMeanwhileError)) throw error;
  }
  throw await notFound(database, `model '${modelId}'`, { modelType });
}

function assertExpected(
  { network }: Database,
  { request, last }: { readonly request: RemoveRequest; readonly last: LastMove | null },
): void {
  const { expected } = request;
  if (expected === undefined || expected === (last?.model_id ?? null)) return;
  throw new AliasMovedMeanwhileError({ ...request, network, expected, winner: last });
}

function movedMeanwhile(
  { network }: Database,
  { modelType, alias, last }: Step,
  winner: LastMove | null,
): AliasMovedMeanwhileError {
  const expected = last?.model_id ?? null;
  return new AliasMovedMeanwhileError({ network, modelType, alias, expected, winner });
}
