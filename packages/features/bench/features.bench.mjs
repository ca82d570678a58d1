// How long labels and features take from tables in ClickHouse to a ready matrix, how that grows, and how much memory Node takes when the
// engine is another process. Figures depend on the machine, so each run also times the engine reading the same tables once.
//
//   pnpm bench [--sizes 10000,50000,200000,1000000] [--rounds 3] [--memory 200000]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_GROUPS } from '@risk-scoring/features';
import { initDatabase } from '@risk-scoring/storage';
import { buildEverything } from './build-everything.mjs';
import { fillNetwork } from './network-fixture.mjs';
import { measureServerMemory } from './server-memory.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,50000,200000,1000000' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string', default: '200000' },
  },
});
const rounds = Number(values.rounds);
const snapshots = 5;
const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The groups that a pipeline of the same design in Python has; it took 10.8 s for 200,000 alerts, without reading a database. */
const usual = ['alert', 'address', 'temporal', 'statistical', 'cluster', 'network'];
const sets = { usual, all: ALL_GROUPS.map((group) => group.name) };
const targets = { usual: { 200000: 1.2 }, all: { 200000: 4, 1000000: 20 } };

const times = { usual: [], all: [] };
for (const alerts of values.sizes.split(',').map(Number)) {
  const dataDir = path.join(folder, `data-${alerts}`);
  const { database } = await initDatabase({ network: 'bench', dataDir });
  const dates = await fillNetwork(database, alerts, snapshots);
  const reading = await best(() => readTables(database));
  for (const [name, groups] of Object.entries(sets)) {
    let shape = '';
    const seconds = await best(async () => {
      const { matrix } = await buildEverything(database, { dates, groups });
      shape = `${matrix.rows.toLocaleString('en')} × ${matrix.columns.length}`;
    });
    times[name].push([alerts, seconds]);
    const target = targets[name][alerts];
    console.log(
      `${shape.padStart(16)}  ${name.padEnd(6)} ${seconds.toFixed(2).padStart(6)} s${target ? ` (target: at most ${target} s)` : ''}, ${(seconds / reading).toFixed(1)} × the ${reading.toFixed(2)} s that the engine takes to read the tables`,
    );
  }
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
}
for (const [name, points] of Object.entries(times)) {
  if (points.length > 1) {
    console.log(`growth exponent of ${name}: ${exponent(points).toFixed(2)} (target: at most 1.1)`);
  }
}
await measureServerMemory({ folder, alerts: Number(values.memory), snapshots, groups: sets.all });

/** The shortest of some rounds, in seconds, after one that warms caches. */
async function best(work) {
  const seconds = [];
  for (let round = -1; round < rounds; round++) {
    const started = performance.now();
    await work();
    if (round >= 0) seconds.push((performance.now() - started) / 1000);
  }
  return Math.min(...seconds);
}

/** The engine alone: reads every column of the four tables that features come from, and throws them away. */
async function readTables(database) {
  for (const table of ['raw_alerts', 'raw_features', 'raw_clusters', 'raw_money_flows']) {
    await database.command({ sql: `SELECT * FROM ${table} FORMAT Null`, doing: 'reading' });
  }
}

/** The slope of log time over log size, by least squares. */
function exponent(points) {
  const logs = points.map(([size, seconds]) => [Math.log(size), Math.log(seconds)]);
  const mean = (place) => logs.reduce((sum, point) => sum + point[place], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
