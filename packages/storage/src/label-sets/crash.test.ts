import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, expect, it } from 'vitest';
import { initDatabase, openDatabase } from '../open-database.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { vacuum } from '../vacuum.ts';
import { listLabelSets } from './index.ts';

const scratch = scratchFolder();
const options = { network: 'simnet', dataDir: path.join(scratch.folder, 'data') };
afterAll(() => scratch.remove());

/** Kills until something half-done was met, and at least. */
const MOST_KILLS = 60;
const FEWEST_KILLS = 12;

/** Rows of the two contents that one version has in turn. */
const contents = [1000, 30_000];

/** A process that imports the one content, the other, and removes the set, for ever; it says when each is done. It runs the built package. */
const script = `
  import { importLabelSet, openDatabase, removeLabelSet } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
  const database = await openDatabase(${JSON.stringify(options)});
  const rowsOf = (count) => {
    const codes = Int32Array.from({ length: count }, (_, row) => row);
    const same = { codes: new Int32Array(count), values: ['low'] };
    return {
      rows: count,
      addresses: { codes, values: Array.from(codes, (row) => '0x' + row) },
      riskLevels: same,
      sources: same,
      confidences: new Float32Array(count),
      validFrom: new Int32Array(count),
    };
  };
  const sets = ${JSON.stringify(contents)}.map((count) => ({
    dataSet: 'mine', version: '1', source: 'x', sha256: String(count).padStart(64, '0'), rows: rowsOf(count),
  }));
  for (;;) {
    for (const set of sets) {
      await importLabelSet(database, set, { force: true });
      console.log('imported');
    }
    await removeLabelSet(database, { dataSet: 'mine' });
    console.log('removed');
  }`;

it('shows a whole set or none, though the process that imports and removes it is killed', {
  timeout: 600_000,
}, async () => {
  const { database } = await initDatabase(options);
  await database.close();
  const random = createRandom(1, 'kills');
  const seen = new Set<number>();
  let strays = 0;
  // How long one step of the process takes here: machines differ, and kills must meet all parts of it.
  let step = 100;
  for (let kill = 0; kill < MOST_KILLS && (kill < FEWEST_KILLS || strays === 0 || seen.size < 2); kill++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const lines = createInterface(child.stdout);
    // At any moment from the opening to the second round.
    for (let wait = random.integer(4); wait > 0; wait--) {
      const started = performance.now();
      await once(lines, 'line');
      // The first step begins with starting the process.
      if (kill > 0 && wait === 1) step = (step + performance.now() - started) / 2;
    }
    await delay(random.next() * 1.5 * step);
    child.kill('SIGKILL');
    await exit;

    const after = await openDatabase(options);
    const sets = await listLabelSets(after);
    const rows = sets[0]?.rows ?? 0;
    expect(sets.length).toBeLessThan(2);
    expect([0, ...contents]).toContain(rows);
    expect(sets[0]?.addresses ?? 0).toBe(rows);
    seen.add(rows);
    const [stored] = await after.query<{ batches: number }>({
      sql: `SELECT toFloat64(uniqExact(batch_id)) AS batches FROM miner_labels WHERE batch_id NOT IN (SELECT table_batches['miner_labels'] FROM ingestions)`,
      doing: 'counting what was never published',
    });
    strays = Math.max(strays, stored?.batches ?? 0);
    await after.close();
  }
  // Kills that met nothing half-done would prove nothing.
  expect(strays).toBeGreaterThan(0);
  expect(seen.size).toBeGreaterThan(1);

  const last = await openDatabase(options);
  const [set] = await listLabelSets(last);
  await vacuum(last, { olderThanHours: 0, unfinishedOlderThanHours: 0 });
  expect(await listLabelSets(last)).toEqual(set === undefined ? [] : [set]);
  const [left] = await last.query<{ rows: number }>({
    sql: 'SELECT toFloat64(count()) AS rows FROM miner_labels',
    doing: 'counting what is left',
  });
  expect(left?.rows).toBe(set?.rows ?? 0);
  await last.close();
});
