import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { initDatabase } from '@risk-scoring/storage';
import { type ArchiveLimits, importModel } from '../archive/index.ts';
import type { ModelMetadata } from '../metadata.ts';
import { saveModel } from '../save.ts';
import { listModels } from '../trained-models.ts';
import { sampleArtifacts, sampleMetadata } from './fixture.ts';
import type { RawEntry } from './raw-zip.ts';

/** A file of the model, as it is packed. */
export type ModelFile = { readonly name: string; readonly bytes: Buffer };

/** A model whose files are at hand, and a place to import archives into that watches what they leave. */
export type Attack = Awaited<ReturnType<typeof prepareAttack>>;

/** Saves a model, forgets it, and gives what it takes to pack it by hand. */
export async function prepareAttack() {
  const root = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
  const sandbox = path.join(root, 'sandbox');
  const outputDir = path.join(sandbox, 'inner', 'models');
  const { database } = await initDatabase({ network: 'simnet', dataDir: path.join(root, 'data') });
  const saved = await saveModel({
    database,
    outputDir: path.join(root, 'original'),
    metadata: sampleMetadata(),
    artifacts: sampleArtifacts,
    holdoutGroups: ['0xa'],
  });
  const stem = path.basename(saved.metadataPath, '.json');
  const files: ModelFile[] = saved.files.map((file) => ({
    name: path.basename(file),
    bytes: readFileSync(file),
  }));
  await startAnew();

  async function startAnew(): Promise<void> {
    rmSync(sandbox, { recursive: true, force: true });
    mkdirSync(sandbox);
    await database.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting the models' });
  }

  /** All paths below the root, but for what the database does. */
  const everything = () =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('data'))
      .sort()
      .join('\n');

  return {
    database,
    root,
    outputDir,
    metadata: saved.metadata,
    stem,
    files,
    startAnew,

    /** Imports bytes as a file. Throws where a refused one left anything. */
    async importBytes(
      bytes: Buffer,
      limits: Partial<ArchiveLimits> = {},
    ): Promise<{ code: string; message: string; remedy?: string | undefined }> {
      const archive = path.join(root, 'attack.zip');
      writeFileSync(archive, bytes);
      const before = everything();
      try {
        await importModel(database, archive, { outputDir, limits });
        return { code: 'imported', message: '' };
      } catch (error) {
        const { code, name, message, remedy } = error as Error & { code?: string; remedy?: string };
        const after = everything();
        if (after !== before) throw new Error(`left behind: ${after}`);
        const rows = await listModels(database);
        if (rows.length > 0) throw new Error(`registered: ${rows[0]?.model_id}`);
        return { code: code ?? name, message, remedy };
      }
    },

    /** The model's files, those with an ending replaced. */
    replaced(ending: string, entry: (file: ModelFile) => RawEntry): RawEntry[] {
      return files.map((file) => (file.name.endsWith(ending) ? entry(file) : file));
    },

    /** The model's files with some of its metadata changed; the hashes of the others stay right. */
    withMetadata(change: (metadata: Changeable) => void, name = `${stem}.json`): RawEntry[] {
      const changed = structuredClone(saved.metadata) as unknown as Changeable;
      change(changed);
      const bytes = Buffer.from(`${JSON.stringify(changed)}\n`);
      return [...files.filter((file) => !file.name.endsWith('.json')), { name, bytes }];
    },

    async close(): Promise<void> {
      await database.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Metadata that may become anything. */
export type Changeable = Record<keyof ModelMetadata, unknown>;
