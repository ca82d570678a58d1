// How fast rows arrive, against the engine's own INSERT … SELECT … FROM file() of the same Parquet files; how much memory Node
// takes when the engine is another process; and whether md5 and insert overlap.
//
//   pnpm bench [--rows 1000000] [--rounds 5]
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { ingestSnapshots, initDatabase, RAW_TABLES } from '../dist/index.js';
import { writeBigSnapshot } from './big-snapshot.mjs';
import { measureServerMemory } from './server-memory.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '400000' }, rounds: { type: 'string', default: '5' } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const { database } = await initDatabase({ network: 'bench', dataDir: path.join(folder, 'data') });
const snapshot = path.join(folder, 'snapshot');
mkdirSync(snapshot);
const files = await writeBigSnapshot(database, snapshot, rows);
const total = files.reduce((sum, file) => sum + file.rows, 0);
const bytes = files.reduce((sum, file) => sum + statSync(file.path).size, 0);
console.log(
  `${total.toLocaleString('en')} rows in ${files.length} Parquet files of ${(bytes / 1e6).toFixed(0)} MB`,
);

const reference = [];
const ours = [];
for (let round = -1; round < rounds; round++) {
  const times = { reference: await timed(plainInserts), ours: await timed(ingest) };
  // The first round warms the file cache and the code.
  if (round < 0) continue;
  reference.push(times.reference);
  ours.push(times.ours);
}
const hashing = await timed(hashAll);
const rate = (seconds) => `${Math.round(total / seconds).toLocaleString('en')} rows/s`;
console.log(`INSERT … SELECT … FROM file():  ${show(reference)}  ${rate(median(reference))}`);
console.log(`ingestSnapshots:                ${show(ours)}  ${rate(median(ours))}`);
console.log(
  `ratio of the speeds: ${(median(reference) / median(ours)).toFixed(3)} (target: at least 0.8), by rounds ${reference.map((value, index) => (value / ours[index]).toFixed(2)).join(' ')}`,
);
console.log(
  `md5 of the files alone: ${hashing.toFixed(2)} s; after the inserts it would give a ratio of ${(median(reference) / (median(ours) + hashing)).toFixed(3)} at best`,
);
await database.close();
await measureServerMemory({ folder, source: snapshot, files });

async function ingest() {
  const [outcome] = await ingestSnapshots(database, { from: snapshot, force: true });
  if (outcome.rows.raw_features !== files.find((file) => file.table === 'raw_features').rows)
    throw new Error('rows are missing');
}

async function plainInserts() {
  for (const { table, path: file, columns } of files) {
    await database.command({
      sql: `INSERT INTO ${table} (${columns}, batch_id) SELECT ${columns}, {batch:String} FROM file({file:String}, 'Parquet')`,
      params: { file, batch: 'reference' },
      doing: 'inserting plainly',
    });
  }
}

async function hashAll() {
  for (const { path: file } of files) await pipeline(createReadStream(file), createHash('md5'));
}

/** Seconds, on tables that are empty at the start. */
async function timed(work) {
  for (const { name } of RAW_TABLES)
    await database.command({ sql: `TRUNCATE TABLE ${name}`, doing: 'emptying' });
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

function show(list) {
  return `${median(list).toFixed(2)} s (${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)})`;
}
