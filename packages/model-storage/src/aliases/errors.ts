import { type ModelType, RiskScoringError } from '@risk-scoring/contract';
import { modelsCommand, promoteCommand } from '../advice.ts';

/** Somebody else moved the alias between the look at it and the move. */
export class AliasMovedMeanwhileError extends RiskScoringError {
  constructor(parts: {
    network: string;
    modelType: ModelType;
    alias: string;
    expected: string | null;
    /** Where it is now; null where it was removed or never was. */
    winner: { model_id: string | null; moved_at: string; reason: string } | null;
  }) {
    const { winner, alias, modelType } = parts;
    const reason = winner?.reason ? `, reason '${winner.reason}'` : '';
    super({
      code: 'ALIAS_MOVED_MEANWHILE',
      category: 'input',
      summary: `The ${modelType} alias '${alias}' was moved by another command meanwhile; this move was not made.`,
      expected:
        parts.expected === null ? 'an alias that stands for no model' : `an alias for ${parts.expected}`,
      found:
        winner === null
          ? 'an alias that stands for no model'
          : `${winner.model_id ?? 'no model'}, since ${winner.moved_at} UTC${reason}`,
      remedy: `look at it with: ${modelsCommand('aliases', parts.network, '--alias', alias, '--history')}, and repeat the command if it still holds`,
    });
  }
}

/** A model that an alias of this type cannot stand for. */
export class AliasModelError extends RiskScoringError {
  constructor(parts: { modelId: string; alias: string; modelType: ModelType; found: ModelType }) {
    super({
      code: 'MODEL_DOES_NOT_FIT',
      category: 'input',
      summary: `The ${parts.modelType} alias '${parts.alias}' cannot stand for ${parts.modelId}.`,
      expected: `a model of type ${parts.modelType}`,
      found: `one of type ${parts.found}`,
      remedy: `name a model of that type, or add --model-type ${parts.found}`,
    });
  }
}

/** There is no such alias. */
export class AliasNotFoundError extends RiskScoringError {
  constructor(parts: {
    modelType: ModelType;
    alias: string;
    network: string;
    where: string;
    available: readonly string[];
  }) {
    const { network, alias, modelType } = parts;
    super({
      code: 'ALIAS_NOT_FOUND',
      category: 'input',
      summary: `There is no ${parts.modelType} alias '${parts.alias}' in ${parts.where}.`,
      expected: 'an alias that stands for a model',
      found:
        parts.available.length > 0 ? `aliases: ${parts.available.join(', ')}` : 'no aliases of that type',
      remedy: `list them with: ${modelsCommand('aliases', network)}, or make it with: ${promoteCommand(network, alias, modelType)}`,
    });
  }
}

/** An alias cannot go back as far as was asked. */
export class NothingBeforeError extends RiskScoringError {
  constructor(parts: {
    network: string;
    modelType: ModelType;
    alias: string;
    steps: number;
    /** The models that it stood for before, the latest first. */
    earlier: readonly string[];
    /** The one of them that was meant, where it is not registered any more. */
    deleted?: string;
    /** How many steps lead to the next one behind it that is registered, where there is one. */
    further?: number | undefined;
  }) {
    const { network, modelType, alias, deleted, earlier, steps, further } = parts;
    const named = `name a model with: ${promoteCommand(network, alias, modelType)}`;
    const back = modelsCommand(
      'rollback',
      network,
      ...[alias, '--model-type', modelType, '--steps', `${further}`],
    );
    super({
      code: deleted === undefined ? 'ALIAS_NOTHING_BEFORE' : 'ALIAS_MODEL_DELETED',
      category: 'input',
      summary: `The ${parts.modelType} alias '${parts.alias}' cannot go back ${steps === 1 ? 'a step' : `${steps} steps`}.`,
      expected: 'an earlier model that is still registered',
      found:
        deleted === undefined
          ? `${earlier.length === 0 ? 'no earlier model' : `${earlier.length} earlier: ${earlier.join(', ')}`}`
          : `${deleted}, which was deleted`,
      remedy: further === undefined ? named : `go further back with: ${back}, or ${named}`,
    });
  }
}
