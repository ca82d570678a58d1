import { RiskScoringError } from '@risk-scoring/contract';

/** A file that is no model archive, or one that was damaged or made to do harm. Nothing of it was kept. */
export class ArchiveError extends RiskScoringError {
  constructor(parts: { file: string; expected: string; found: string; cause?: unknown }) {
    super({
      code: 'MODEL_ARCHIVE_INVALID',
      category: 'model',
      summary: `${parts.file} cannot be imported.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'get the archive again from whoever exported the model',
      cause: parts.cause,
    });
  }
}

/** A file is there already where an archive should go. */
export class ArchiveExistsError extends RiskScoringError {
  constructor(parts: { file: string }) {
    super({
      code: 'MODEL_ARCHIVE_EXISTS',
      category: 'input',
      summary: `${parts.file} is there already and was left as it is.`,
      expected: 'a name that is free',
      found: 'a file or folder of that name',
      remedy: 'name another with --out, or replace it with --force',
    });
  }
}

/** The archive could not be written; nothing of it was left behind. */
export class ArchiveNotWrittenError extends RiskScoringError {
  constructor(parts: { file: string; cause: unknown }) {
    super({
      code: 'MODEL_ARCHIVE_NOT_WRITTEN',
      category: 'environment',
      summary: `The archive ${parts.file} could not be written.`,
      expected: 'a folder that is there and that this user can write, with room',
      found: parts.cause instanceof Error ? parts.cause.message : String(parts.cause),
      remedy: 'name another file with --out, or make room',
      cause: parts.cause,
    });
  }
}

/** Another model with the same id is on the disk. */
export class ModelExistsOtherwiseError extends RiskScoringError {
  constructor(parts: { modelId: string; archive: string; existing: string }) {
    super({
      code: 'MODEL_EXISTS_OTHERWISE',
      category: 'input',
      summary: `${parts.modelId} is on the disk already, with other content than in ${parts.archive}; nothing was changed.`,
      expected: 'an id that is free, or the same model',
      found: `other bytes in ${parts.existing}`,
      remedy:
        'find out which of the two is meant; to take the one of the archive, move the other files away, or import into another folder with --output-dir',
    });
  }
}

/** Another command is saving or importing a model with this id, or died while it did. */
export class ModelAtWorkError extends RiskScoringError {
  constructor(parts: { modelId: string; staging: string }) {
    super({
      code: 'MODEL_AT_WORK',
      category: 'environment',
      summary: `Another command is saving ${parts.modelId} in the same folder.`,
      expected: 'one command at a time for one model',
      found: `the folder ${parts.staging}`,
      remedy:
        'try again when it is done; if none is running, one was killed: delete that folder and try again',
    });
  }
}
