import { InvalidInputError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { listModels } from '../trained-models.ts';
import { type AliasMove, aliasHistory } from './alias-history.ts';
import { lastMove } from './alias-state.ts';
import { NothingBeforeError } from './errors.ts';
import { appendMove, MODEL_DELETED, noSuchAlias, type RollbackRequest } from './move-alias.ts';

const ROLLBACK = 'rollback';

/**
 * Makes an alias stand for the model before the present one, or `steps` before it; of a removed alias, for the one it stood
 * for last that was not deleted then. It is a move like any other, with the reason `rollback`. Rolling back again goes further back, never forth
 * again: after moves to A, B and C, two rollbacks lead to B and A.
 *
 * @throws {InvalidInputError} for steps that are not a whole number from 1 on
 * @throws {AliasNotFoundError} when there never was such an alias
 * @throws {NothingBeforeError} when it stood for fewer models before, or that model was deleted
 * @throws {AliasMovedMeanwhileError} when another move came first
 * @example
 * await rollbackAlias(database, { modelType: 'alert_scorer', alias: 'champion' });
 */
export async function rollbackAlias(database: Database, request: RollbackRequest): Promise<AliasMove> {
  const { modelType, alias, steps = 1 } = request;
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new InvalidInputError({
      what: 'The number of steps',
      expected: 'a whole number from 1 on',
      found: steps,
    });
  }
  const last = await lastMove(database, request);
  if (last === null) throw await noSuchAlias(database, request);
  const history = await aliasHistory(database, request);
  const earlier = earlierModels(history.filter((move) => move.sequence <= last.sequence));
  const to = earlier[steps - 1];
  const asked = { network: database.network, modelType, alias, steps, earlier };
  if (to === undefined) throw new NothingBeforeError(asked);
  const registered = new Set((await listModels(database, { modelType })).map((row) => row.model_id));
  if (!registered.has(to)) {
    const next = earlier.findIndex((modelId, at) => at >= steps && registered.has(modelId));
    throw new NothingBeforeError({ ...asked, deleted: to, further: next < 0 ? undefined : next + 1 });
  }
  return appendMove(database, { last, modelType, alias, to, reason: ROLLBACK });
}

/** The models that an alias can go back to, the latest first. */
function earlierModels(newestFirst: readonly AliasMove[]): string[] {
  const models: string[] = [];
  for (const { from, to, reason } of [...newestFirst].reverse()) {
    if (to === null) {
      // Whatever has the id now is another model, that nobody put in this place.
      if (reason === MODEL_DELETED) forget(models, from);
      continue;
    }
    // A rollback takes back what came after its model, so that the next one does not lead there again.
    if (reason === ROLLBACK && models.includes(to)) models.length = models.lastIndexOf(to) + 1;
    else if (models.at(-1) !== to) models.push(to);
  }
  const removed = newestFirst[0]?.to === null;
  return (removed ? models : models.slice(0, -1)).reverse();
}

/** Takes a model out of a list in which none follows itself. */
function forget(models: string[], modelId: string | null): void {
  const kept = models.filter((each) => each !== modelId);
  models.splice(0, models.length, ...kept.filter((each, at) => each !== kept[at - 1]));
}
