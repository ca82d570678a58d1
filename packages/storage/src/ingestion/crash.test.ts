import { spawn } from 'node:child_process';
import path from 'node:path';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, expect, it } from 'vitest';
import { initDatabase, openDatabase } from '../open-database.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { writeSnapshot } from '../testing/snapshot-fixture.ts';
import { ingestSnapshots } from './ingest.ts';

const scratch = scratchFolder();
const dataDir = path.join(scratch.folder, 'data');
afterAll(() => scratch.remove());

const small = 20_000;
const large = 60_000;

/** Ingests two versions of one snapshot in turn, over and over, and tells when it begins. */
function startIngesting(versions: readonly string[]): ReturnType<typeof spawn> {
  const script = `
    import { ingestSnapshots, openDatabase } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const database = await openDatabase({ network: 'simnet', dataDir: ${JSON.stringify(dataDir)} });
    console.log('begin');
    for (;;) for (const from of ${JSON.stringify(versions)}) await ingestSnapshots(database, { from });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Rows of the published snapshot: one of the two versions, in all its tables, or the tables disagree. */
async function publishedRows(): Promise<number[]> {
  const database = await openDatabase({ network: 'simnet', dataDir });
  try {
    const counts = [
      'published_alerts',
      'published_features',
      'published_money_flows',
      'published_address_labels',
    ].map((view) => `(SELECT toFloat64(count()) FROM ${view})`);
    const [row] = await database.query<{ counts: number[] }>({
      sql: `SELECT [${counts.join(', ')}] AS counts`,
      doing: 'counting',
    });
    return row?.counts ?? [];
  } finally {
    await database.close();
  }
}

it('shows a whole snapshot, old or new, however often the ingesting process is killed', {
  timeout: 120_000,
}, async () => {
  const { database } = await initDatabase({ network: 'simnet', dataDir });
  const versions = [
    await writeSnapshot(database, {
      folder: path.join(scratch.folder, 'small'),
      network: 'simnet',
      alerts: small,
    }),
    await writeSnapshot(database, {
      folder: path.join(scratch.folder, 'large'),
      network: 'simnet',
      alerts: large,
    }),
  ];
  await ingestSnapshots(database, { from: versions[0] ?? '' });
  await database.close();

  const random = createRandom(1, 'kills');
  const seen = new Set<number>();
  for (let kill = 0; kill < 6 || (seen.size < 2 && kill < 30); kill++) {
    const child = startIngesting(versions);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 50 + random.integer(1500)));
    child.kill('SIGKILL');
    await ended;
    const [alerts = 0, ...others] = await publishedRows();
    expect([small, large]).toContain(alerts);
    expect(others).toEqual([alerts / 2, alerts / 2, alerts / 2]);
    seen.add(alerts);
  }
  // Kills that never met a replacement would prove nothing.
  expect(seen.size).toBe(2);
});
