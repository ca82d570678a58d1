import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createRandom } from '@risk-scoring/contract';
import { initDatabase, openDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from './load.ts';
import { readStoredModel } from './read-model.ts';
import { saveModel } from './save.ts';
import { sampleArtifacts, sampleMetadata } from './testing/fixture.ts';
import { listModels } from './trained-models.ts';
import { verifyModels } from './verify.ts';

/** Two processes are killed at a time, each with a database and an output folder of its own. */
const LANES = 2;
const KILLS = 100;

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const lanes = Array.from({ length: LANES }, (_, lane) => ({
  seed: lane,
  dataDir: path.join(folder, `data-${lane}`),
  outputDir: path.join(folder, `models-${lane}`),
}));
type Lane = (typeof lanes)[number];

beforeAll(async () => {
  for (const { dataDir } of lanes) {
    const { database } = await initDatabase({ network: 'simnet', dataDir });
    await database.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = (lane: Lane) => `
  import { writeSync } from 'node:fs';
  import { openDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
  import { saveModel } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
  import { sampleArtifacts, sampleMetadata } from ${JSON.stringify(new URL('../dist/testing/fixture.js', import.meta.url).href)};
  const database = await openDatabase({ network: 'simnet', dataDir: ${JSON.stringify(lane.dataDir)} });
  for (;;) {
    writeSync(1, 'begin\\n');
    await saveModel({ database, outputDir: ${JSON.stringify(lane.outputDir)},
      metadata: sampleMetadata(), artifacts: sampleArtifacts, holdoutGroups: ['0xa'] });
    writeSync(1, 'saved\\n');
  }`;

/** Starts a process that saves models, kills it in the second or third save, and says whether that model was not saved yet. */
async function killOne(lane: Lane, random: ReturnType<typeof createRandom>): Promise<boolean> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(lane)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_code, signal) => resolve(signal)),
  );
  const lines: { text: string; at: number }[] = [];
  const begins = 2 + random.integer(2);
  const begun = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      lines.push({ text, at: performance.now() });
      if (lines.filter((line) => line.text === 'begin').length === begins) resolve();
    });
    child.once('close', () => resolve());
  });
  await begun;
  // Any moment of a save, as long as the last one took.
  const [began = 0, saved = 0] = lines.slice(-3).map((line) => line.at);
  await setTimeout((saved - began) * random.next());
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  return lines.at(-1)?.text === 'begin';
}

const inSimnet = ({ outputDir }: Lane) => {
  const at = path.join(outputDir, 'simnet');
  return existsSync(at) ? readdirSync(at).map((name) => path.join(at, name)) : [];
};

describe('a saving process that is killed', () => {
  it(`shows no half model, ${KILLS} times`, { timeout: 600_000 }, async () => {
    const kills = await Promise.all(
      lanes.map(async (lane) => {
        const random = createRandom(lane.seed, 'kills');
        const halfWay: boolean[] = [];
        const read = new Set<string>();
        for (let kill = 0; kill < KILLS / LANES; kill++) {
          halfWay.push(await killOne(lane, random));
          // New models are read after each kill, before another process could mend anything; all of them in the end.
          for (const file of inSimnet(lane).filter((each) => each.endsWith('.json') && !read.has(each))) {
            await readStoredModel(file);
            read.add(file);
          }
        }
        return halfWay;
      }),
    );
    // Kills that met no save half-way would prove nothing; nor would they if none had met one while its files were written.
    const all = kills.flat();
    const hidden = lanes.flatMap(inSimnet).filter((file) => file.endsWith('.saving')).length;
    console.info(
      `${all.length} kills: ${all.filter(Boolean).length} in the middle of a save, ${hidden} of them left a hidden folder`,
    );
    expect(all).toHaveLength(KILLS);
    expect(all.filter(Boolean).length).toBeGreaterThan(KILLS / 2);
    expect(hidden).toBeGreaterThan(KILLS / 10);
  });

  it.each(lanes)(
    'leaves a table and a disk that agree, but for what no reader sees (folder $seed)',
    { timeout: 120_000 },
    async (lane) => {
      const { dataDir, outputDir } = lane;
      const database = await openDatabase({ network: 'simnet', dataDir });
      try {
        const { models, orphaned, ...verification } = await verifyModels(database, {
          outputDirs: [outputDir],
        });
        expect(verification).toEqual({ missing: [], changed: [], newer: [], dangling: [], removed: [] });
        expect(models).toBeGreaterThan(0);

        const rows = await listModels(database);
        for (const row of rows) await loadModel(database, { model: row.model_id });
        const latest = await loadModel(database);
        const seen = rows.map((row) => row.model_path);
        expect(seen.filter((file) => orphaned.some((orphan) => orphan.path === file))).toEqual([]);
        expect(orphaned.map((orphan) => orphan.path)).not.toContain(latest.metadataPath);
        // Every metadata file is that of a model that rows name or that verify names.
        const unknown = orphaned.filter(({ kind }) => kind === 'model').map((orphan) => orphan.path);
        expect([...seen, ...unknown].sort()).toEqual(
          inSimnet(lane)
            .filter((file) => file.endsWith('.json'))
            .sort(),
        );

        const again = await saveModel({
          database,
          outputDir,
          metadata: sampleMetadata(),
          artifacts: sampleArtifacts,
          holdoutGroups: ['0xa'],
        });
        expect((await loadModel(database, { model: again.metadata.model_id })).artifacts).toHaveLength(2);
        await verifyModels(database, { outputDirs: [outputDir], removeLeftovers: true, leftoverAgeHours: 0 });
        const left = await verifyModels(database, { outputDirs: [outputDir] });
        expect(left.orphaned.filter(({ kind }) => kind !== 'model')).toEqual([]);
        expect(left).toMatchObject({ models: models + 1, missing: [], changed: [] });
      } finally {
        await database.close();
      }
    },
  );
});
