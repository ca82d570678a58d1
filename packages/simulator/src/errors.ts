import { RiskScoringError } from '@risk-scoring/contract';

/** A snapshot folder of that date is there already, with other content. */
export class SnapshotExistsError extends RiskScoringError {
  constructor(parts: { folder: string; found: string }) {
    super({
      code: 'SNAPSHOT_EXISTS',
      category: 'input',
      summary: `The snapshot folder ${parts.folder} holds something else than this simulation would write.`,
      expected: 'no folder of that name, or the same files from an earlier run with the same options',
      found: parts.found,
      remedy: 'choose another output folder, or ask for overwriting',
    });
  }
}

/** The output folder cannot be made, read or written: no such disk, no right, no space left. */
export class OutputFolderError extends RiskScoringError {
  constructor(parts: { folder: string; cause: unknown }) {
    super({
      code: 'OUTPUT_FOLDER_UNUSABLE',
      category: 'environment',
      summary: `The snapshot folder ${parts.folder} could not be written; nothing half-done is left in its place.`,
      expected: 'a folder that this user may write, on a disk with space left',
      found: parts.cause instanceof Error ? parts.cause.message : String(parts.cause),
      remedy: 'free some space, mend the rights or choose another output folder',
      cause: parts.cause,
    });
  }
}
