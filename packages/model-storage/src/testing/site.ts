import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { type SavedModel, type SaveOptions, saveModel } from '../save.ts';
import { sampleArtifacts, sampleMetadata } from './fixture.ts';

/** A folder with an embedded database of its own, for the tests of one file. */
export interface Site {
  readonly folder: string;
  readonly database: Database;
  /** Saves a sample model in an output folder of its own, where none is given. */
  readonly save: (change?: Partial<SaveOptions>) => Promise<SavedModel>;
  readonly close: () => Promise<void>;
}

/** Makes a {@link Site}. Close it when done. */
export async function openSite(): Promise<Site> {
  const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
  const { database } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'data') });
  let outputs = 0;
  return {
    folder,
    database,
    save: (change = {}) => {
      outputs += 1;
      return saveModel({
        database,
        outputDir: path.join(folder, `models-${outputs}`),
        metadata: sampleMetadata(),
        artifacts: sampleArtifacts,
        holdoutGroups: ['0xb', '0xa'],
        ...change,
      });
    },
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a promise is refused with. */
export async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('it was not refused'),
    (error: unknown) => error,
  );
}
