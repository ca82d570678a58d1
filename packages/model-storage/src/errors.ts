import { type ModelType, RiskScoringError, shellCommand } from '@risk-scoring/contract';
import { networkPattern } from '@risk-scoring/storage';
import { modelsCommand, promoteCommand } from './advice.ts';

/** No saved model is meant by the name given. */
export class ModelNotFoundError extends RiskScoringError {
  constructor(parts: { wanted: string; network: string; where: string; available: readonly string[] }) {
    const { network } = parts;
    super({
      code: 'MODEL_NOT_FOUND',
      category: 'input',
      summary: `There is no ${parts.wanted} in ${parts.where}.`,
      expected: 'a model that was trained and saved',
      found: parts.available.length > 0 ? `models: ${parts.available.join(', ')}` : 'no models',
      remedy: `list them with: ${modelsCommand('list', network)}, or train one with: npx risk-scoring train --network ${network} --start-date YYYY-MM-DD --end-date YYYY-MM-DD`,
    });
  }
}

/** An alias stands for one model of each of several types, and nobody said which type is meant. */
export class ModelAliasAmbiguousError extends RiskScoringError {
  constructor(parts: {
    alias: string;
    models: readonly { readonly model_type: ModelType; readonly model_id: string }[];
  }) {
    super({
      code: 'MODEL_ALIAS_AMBIGUOUS',
      category: 'input',
      summary: `The alias '${parts.alias}' stands for models of several types.`,
      expected: 'the type that is meant, or a model id',
      found: parts.models.map((model) => `${model.model_type}: ${model.model_id}`).join(', '),
      remedy: `say which with --model-type ${parts.models[0]?.model_type}, or name the model by its id`,
    });
  }
}

/** A model's files are not those that were saved. */
export class ModelFileError extends RiskScoringError {
  constructor(parts: {
    code: 'MODEL_FILE_MISSING' | 'MODEL_FILE_CHANGED' | 'MODEL_METADATA_INVALID';
    file: string;
    expected: string;
    found: string;
    remedy?: string;
    cause?: unknown;
  }) {
    super({
      code: parts.code,
      category: 'model',
      summary: `The model file ${parts.file} cannot be trusted.`,
      expected: parts.expected,
      found: parts.found,
      remedy: parts.remedy ?? 'restore the file from where it was saved, or train the model again',
      cause: parts.cause,
    });
  }
}

/** A newer version of the product saved the model. */
export class ModelNewerError extends RiskScoringError {
  constructor(parts: { file: string; expected: string; found: string }) {
    super({
      code: 'MODEL_METADATA_NEWER',
      category: 'model',
      summary: `The model file ${parts.file} was saved by a newer version of risk-scoring.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'update risk-scoring to the version that saved the model, or train it again with this one',
    });
  }
}

/** The model could not be written; nothing of it was left behind. */
export class ModelNotSavedError extends RiskScoringError {
  constructor(parts: { folder: string; cause: unknown }) {
    super({
      code: 'MODEL_NOT_SAVED',
      category: 'environment',
      summary: `The model could not be saved in ${parts.folder}.`,
      expected: 'a folder that this user can write, with room',
      found: messageOf(parts.cause),
      remedy: 'choose another folder with --output-dir, or make room',
      cause: parts.cause,
    });
  }
}

/** The files are whole on disk, but the database does not know of them. */
export class ModelNotRegisteredError extends RiskScoringError {
  constructor(parts: { modelId: string; network: string; metadataPath: string; cause: unknown }) {
    super({
      code: 'MODEL_NOT_REGISTERED',
      category: 'environment',
      summary: `${parts.modelId} is saved on disk, but its row in trained_models could not be written.`,
      expected: 'a database that takes the row',
      found: messageOf(parts.cause),
      remedy: `mend the database, then run: ${modelsCommand('register', parts.network, parts.metadataPath)} (until then it scores with --model ${shellCommand([parts.metadataPath])})`,
      cause: parts.cause,
    });
  }
}

/** The id is taken by another model, or by the same one at another place. */
export class ModelRegisteredOtherwiseError extends RiskScoringError {
  constructor(parts: {
    modelId: string;
    network: string;
    registered: { readonly path: string; readonly sha256: string };
    found: { readonly path: string; readonly sha256: string };
  }) {
    const { modelId, network, registered, found } = parts;
    const moved = registered.sha256 === found.sha256;
    const forget = modelsCommand('delete', network, modelId);
    super({
      code: 'MODEL_REGISTERED_OTHERWISE',
      category: 'input',
      summary: moved
        ? `${modelId} is registered at another place.`
        : `${modelId} is registered with other content.`,
      expected: `the model in ${registered.path}, sha256 ${registered.sha256}`,
      found: `${found.path}, sha256 ${found.sha256}`,
      remedy: moved
        ? `keep using the one that is registered; if it moved here, forget the old place with: ${forget}, which deletes what is left of it there, then register this one`
        : `find out which of the two is meant; to take this one, first delete the other with: ${forget}`,
    });
  }
}

/** A model of another network. */
export class ModelOfOtherNetworkError extends RiskScoringError {
  constructor(parts: { modelId: string; file: string; expected: string; found: string }) {
    const { found } = parts;
    const isNetwork = networkPattern.test(found);
    super({
      code: 'MODEL_DOES_NOT_FIT',
      category: 'input',
      summary: `${parts.modelId} in ${parts.file} is of another network.`,
      expected: `a model of ${parts.expected}`,
      found: `one of ${isNetwork ? found : JSON.stringify(found)}`,
      remedy: isNetwork
        ? `name its network: --network ${found}`
        : 'do not use it: no network can have that name, so no training made it',
    });
  }
}

/** Somebody relies on the model. */
export class ModelInUseError extends RiskScoringError {
  constructor(parts: {
    modelId: string;
    network: string;
    aliases: readonly { readonly model_type: ModelType; readonly alias: string }[];
  }) {
    const { modelId, network } = parts;
    const promote = parts.aliases.map(({ alias, model_type: type }) => promoteCommand(network, alias, type));
    super({
      code: 'MODEL_IN_USE',
      category: 'input',
      summary: `${parts.modelId} is in use and was not deleted.`,
      expected: 'a model that no alias stands for',
      found: parts.aliases.map(({ model_type, alias }) => `${model_type} alias '${alias}'`).join(', '),
      remedy: `let another model take its place with: ${promote.join(', and ')}, or delete it all the same with: ${modelsCommand('delete', network, modelId, '--force')}`,
    });
  }
}

/** Nobody finds the model by name any more, but some of its files could not be removed. */
export class ModelFilesLeftError extends RiskScoringError {
  constructor(parts: { modelId: string; network: string; folder: string; cause: unknown }) {
    super({
      code: 'MODEL_FILES_LEFT',
      category: 'environment',
      summary: `${parts.modelId} is deleted from trained_models, but files of it are left in ${parts.folder}.`,
      expected: 'a folder that this user can write',
      found: messageOf(parts.cause),
      remedy: `mend the folder; ${modelsCommand('verify', parts.network, '--output-dir', parts.folder)} says what is left and what to do`,
      cause: parts.cause,
    });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
