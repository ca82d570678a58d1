import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { type DatabaseOptions, initDatabase, openDatabase } from '../open-database.ts';
import { RAW_TABLES } from '../tables.ts';
import { type FrontProcess, startFront } from '../testing/engines.ts';
import { startIngesting } from '../testing/ingesting-process.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { writeSnapshot } from '../testing/snapshot-fixture.ts';
import { vacuum } from '../vacuum.ts';
import { ingestSnapshots } from './ingest.ts';

const scratch = scratchFolder();
const dataDir = path.join(scratch.folder, 'embedded');
let front: FrontProcess;
let folders: string[];

/** Alerts of the two versions of one snapshot, which are ingested in turn. */
const versions = [1000, 3000];

beforeAll(async () => {
  front = await startFront(path.join(scratch.folder, 'server'), 'miner', 'a password');
  const { database } = await initDatabase({ network: 'fixtures', dataDir });
  folders = [];
  for (const alerts of versions) {
    const folder = path.join(scratch.folder, `${alerts}`);
    const select = { raw_clusters: `* REPLACE ('of ${alerts}' AS cluster_type)` };
    folders.push(await writeSnapshot(database, { folder, network: 'simnet', alerts, select }));
  }
  await database.close();
});
afterAll(async () => {
  await front.stop();
  scratch.remove();
});

/** What readers see of the snapshot: the rows of every table, and of which version the clusters are. */
async function publishedVersion(database: Database): Promise<unknown> {
  const counts = RAW_TABLES.map(({ view }) => `(SELECT toFloat64(count()) FROM ${view})`);
  const [row] = await database.query<{ counts: number[]; clusters: string[] }>({
    sql: `SELECT [${counts.join(', ')}] AS counts, (SELECT groupArray(cluster_type) FROM published_clusters) AS clusters`,
    doing: 'counting',
  });
  return row;
}

/** Version by version, what {@link publishedVersion} may be. */
const wholes = versions.map((alerts) => ({
  counts: [alerts, alerts / 2, 1, alerts / 2, alerts / 2],
  clusters: [`of ${alerts}`],
}));

/** Ids of batches that were never published. */
async function strayBatches(database: Database): Promise<string[]> {
  const all = RAW_TABLES.map(({ name }) => `SELECT DISTINCT batch_id FROM ${name}`).join(' UNION ALL ');
  const rows = await database.query<{ batch_id: string }>({
    sql: `SELECT batch_id FROM (${all}) WHERE batch_id NOT IN (SELECT arrayJoin(mapValues(table_batches)) FROM ingestions)`,
    doing: 'looking for stray batches',
  });
  return rows.map((row) => row.batch_id);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function withDatabase<T>(
  options: DatabaseOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(options);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

describe.each([
  { name: 'with the engine in it', kills: 50, options: () => ({ network: 'simnet', dataDir }) },
  {
    name: 'of a server that lives on',
    kills: 10,
    options: () => ({ network: 'simnet', server: { url: front.url, user: 'miner', password: 'a password' } }),
  },
])('a process $name', ({ kills, options: optionsNow }) => {
  it(`shows whole snapshots only, though it is killed ${kills} times while it ingests`, {
    timeout: 300_000,
  }, async () => {
    const options = optionsNow();
    const { database: first } = await initDatabase(options);
    await ingestSnapshots(first, { from: folders[0] ?? '' });
    await first.close();
    const undisturbed = await startIngesting(options, folders);
    undisturbed.begin();
    await undisturbed.ingested(3);
    await undisturbed.kill();
    const durations = [...undisturbed.durations];

    const random = createRandom(1, 'kills');
    const seen = new Set<string>();
    const phases = new Map<number, number>();
    let strays = new Set(await withDatabase(options, strayBatches));
    // Two are ready before they are needed: to load the engine takes longer than all the rest. They begin with one version
    // and with the other.
    const backwards = [...folders].reverse();
    const ready = [startIngesting(options, backwards), startIngesting(options, folders)];
    for (let kill = 0; kill < kills; kill++) {
      const ingesting = await ready.shift();
      ready.push(startIngesting(options, kill % 2 === 0 ? backwards : folders));
      ingesting?.begin();
      // At any moment from the opening to the second publishing, however fast the computer is just now.
      await ingesting?.ingested(random.integer(2));
      await delay(random.integer(Math.round(1.2 * median(durations.slice(-9)))));
      await ingesting?.kill();
      durations.push(...(ingesting?.durations ?? []));
      const after = await withDatabase(options, async (database) => ({
        version: await publishedVersion(database),
        strays: await strayBatches(database),
      }));
      expect(wholes).toContainEqual(after.version);
      seen.add(JSON.stringify(after.version));
      // How many tables of an unpublished snapshot were written, or begun, tells when the kill came.
      const phase = after.strays.filter((batch) => !strays.has(batch)).length;
      phases.set(phase, (phases.get(phase) ?? 0) + 1);
      strays = new Set(after.strays);
    }
    for (const unused of ready) await (await unused).kill();
    // Kills that met neither a replacement nor a half-written snapshot would prove nothing.
    expect(seen.size).toBe(2);
    expect(phases.size).toBeGreaterThan(kills < 20 ? 1 : 2);

    const again = await startIngesting(options, folders, 1);
    again.begin();
    expect(await again.ended()).toBe(0);
    await withDatabase(options, async (database) => {
      expect(await publishedVersion(database)).toEqual(wholes[1]);
      await vacuum(database, { olderThanHours: 0, unfinishedOlderThanHours: 0 });
      for (const { name } of RAW_TABLES) {
        const [left] = await database.query<{ batches: string[] }>({
          sql: `SELECT groupUniqArray(batch_id) AS batches FROM ${name}`,
          doing: 'listing what is left',
        });
        expect(left?.batches).toHaveLength(1);
      }
      expect(await publishedVersion(database)).toEqual(wholes[1]);
      expect(await vacuum(database, { olderThanHours: 0, unfinishedOlderThanHours: 0 })).toEqual([]);
    });
  });
});
