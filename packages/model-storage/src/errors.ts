import { RiskScoringError } from '@risk-scoring/contract';

/** No saved model is meant by the name given. */
export class ModelNotFoundError extends RiskScoringError {
  constructor(parts: { wanted: string; where: string; available: readonly string[] }) {
    super({
      code: 'MODEL_NOT_FOUND',
      category: 'input',
      summary: `There is no ${parts.wanted} in ${parts.where}.`,
      expected: 'a model that was trained and saved',
      found: parts.available.length > 0 ? `models: ${parts.available.join(', ')}` : 'no models',
      remedy: 'list them with: npx risk-scoring models list, or train one with: npx risk-scoring train',
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
    cause?: unknown;
  }) {
    super({
      code: parts.code,
      category: 'model',
      summary: `The model file ${parts.file} cannot be trusted.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'restore the file from where it was saved, or train the model again',
      cause: parts.cause,
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
      found: parts.cause instanceof Error ? parts.cause.message : String(parts.cause),
      remedy: 'choose another folder with --output-dir, or make room',
      cause: parts.cause,
    });
  }
}

/** The files are whole on disk, but the database does not know of them. */
export class ModelNotRegisteredError extends RiskScoringError {
  constructor(parts: { modelId: string; metadataPath: string; cause: unknown }) {
    super({
      code: 'MODEL_NOT_REGISTERED',
      category: 'environment',
      summary: `${parts.modelId} is saved on disk, but its row in trained_models could not be written.`,
      expected: 'a database that takes the row',
      found: parts.cause instanceof Error ? parts.cause.message : String(parts.cause),
      remedy: `mend the database; the model is whole in ${parts.metadataPath} and scores with --model ${parts.metadataPath}`,
      cause: parts.cause,
    });
  }
}
