import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom } from '@risk-scoring/contract';
import { initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStagingName } from '../model-name.ts';
import { readStoredModel } from '../read-model.ts';
import { type SavedModel, saveModel } from '../save.ts';
import { sampleArtifacts, sampleMetadata } from '../testing/fixture.ts';
import { exportModel, importModel } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const data = (name: string) => ({ network: 'simnet', dataDir: path.join(folder, name) });
const archive = path.join(folder, 'model.zip');
const outputs = path.join(folder, 'outputs');
let saved: SavedModel;

beforeAll(async () => {
  const { database } = await initDatabase(data('data'));
  const metadata = sampleMetadata();
  const options = { database, outputDir: path.join(folder, 'models'), metadata, holdoutGroups: ['0xa'] };
  saved = await saveModel({ ...options, artifacts: sampleArtifacts });
  await exportModel(database, saved.metadata.model_id, { file: archive });
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Imports the model into one folder after the other until it is killed. */
function startImporting(run: number) {
  const script = `
    import { initDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
    import { importModel } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const { database } = await initDatabase(${JSON.stringify(data('killed'))});
    for (let n = 0; ; n += 1) {
      await database.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting' });
      await importModel(database, ${JSON.stringify(archive)}, { outputDir: ${JSON.stringify(outputs)} + '/${run}-' + n });
      console.log('imported');
    }`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('an import that is killed', () => {
  it('shows no half model, and can be repeated once what it left is gone', { timeout: 120_000 }, async () => {
    const random = createRandom(5, 'kills');
    for (let run = 0; run < 4; run += 1) {
      const child = startImporting(run);
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, random.integer(400)));
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const { database } = await initDatabase(data('killed'));
    let whole = 0;
    for (const output of readdirSync(outputs)) {
      const place = path.join(outputs, output, 'simnet');
      const names = existsSync(place) ? readdirSync(place) : [];
      const metadataPath = path.join(place, path.basename(saved.metadataPath));
      if (existsSync(metadataPath)) {
        expect((await readStoredModel(metadataPath)).metadata).toEqual(saved.metadata);
        whole += 1;
      }
      for (const name of names.filter(isStagingName)) rmSync(path.join(place, name), { recursive: true });
      await database.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting' });
      await importModel(database, archive, { outputDir: path.join(outputs, output) });
      expect(readdirSync(place)).toHaveLength(saved.files.length);
      await readStoredModel(metadataPath);
    }
    await database.close();
    expect(whole).toBeGreaterThan(0);
  });
});
