import { RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { type AliasState, listAliases } from './alias-state.ts';
import { MODEL_DELETED, removeAlias } from './move-alias.ts';

/** How often aliases that others move meanwhile are looked at again. */
const ATTEMPTS = 20;

/**
 * Makes every alias that stands for a model stand for none, because the model is being deleted or is gone. Each is a move like any other; an alias that
 * somebody moves to another model meanwhile stays there.
 *
 * @returns what the aliases stood for
 * @throws {AliasMovedMeanwhileError} when others move them back again and again
 */
export async function releaseAliases(database: Database, modelId: string): Promise<AliasState[]> {
  const released: AliasState[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const states = await listAliases(database, { modelId });
    if (states.length === 0) return released;
    for (const state of states) {
      const { model_type: modelType, alias } = state;
      try {
        await removeAlias(database, { modelType, alias, expected: modelId, reason: MODEL_DELETED });
        released.push(state);
      } catch (error) {
        if (attempt === ATTEMPTS || !isMovedMeanwhile(error)) throw error;
      }
    }
  }
}

function isMovedMeanwhile(error: unknown): boolean {
  return RiskScoringError.isInstance(error) && error.code === 'ALIAS_MOVED_MEANWHILE';
}
