import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DatabaseOptions } from '../open-database.ts';
import { startFront } from '../testing/engines.ts';
import { scratchFolder } from '../testing/scratch.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const rows = 2_000_000;

/** Runs a program on this package in a process of its own, so that its memory is nobody else's; returns what it prints. */
async function run(options: DatabaseOptions, program: string): Promise<string> {
  const script = `
    import { initDatabase, readPeriod } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const { database } = await initDatabase(${JSON.stringify(options)});
    ${program}
    await database.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
  return printed;
}

const fill = `
  await database.command({
    sql: \`INSERT INTO raw_alerts (window_days, processing_date, alert_id, address, description, volume_usd)
SELECT 30, '2025-01-01', leftPad(toString(number), 8, '0'), lower(hex(sipHash128(number))), repeat('x', 100), number
FROM numbers(${rows})\`,
    doing: 'filling',
    repeatable: false,
  });`;

const read = `
  const columns = ['alert_id', 'address', 'description', 'volume_usd'];
  const period = { table: 'raw_alerts', startDate: '2025-01-01', endDate: '2025-01-01', windowDays: 30, columns };
  for await (const batch of readPeriod(database, { ...period, batchRows: 1 })) if (batch.numRows) break;
  const inNode = () => { const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
  const before = { process: process.memoryUsage.rss(), node: inNode() };
  const most = { process: 0, node: 0 };
  const read = { rows: 0, bytes: 0 };
  for await (const batch of readPeriod(database, period)) {
    read.rows += batch.numRows;
    read.bytes += batch.data.byteLength;
    most.node = Math.max(most.node, inNode() - before.node);
    most.process = Math.max(most.process, process.memoryUsage.rss() - before.process);
  }
  console.log(JSON.stringify({ ...read, most }));`;

/** What reading took, in bytes. */
interface Reading {
  readonly rows: number;
  readonly bytes: number;
  readonly most: { readonly process: number; readonly node: number };
}

describe('reading a long period', () => {
  it('keeps a few batches in memory (embedded: the engine, with its caches, is in the same process)', async () => {
    const options = { network: 'simnet', dataDir: path.join(scratch.folder, 'embedded') };
    await run(options, fill);
    const { most, ...whole } = JSON.parse(await run(options, read)) as Reading;
    expect(whole.rows).toBe(rows);
    expect(whole.bytes).toBeGreaterThan(rows * 150);
    expect(most.node).toBeLessThan(whole.bytes / 3);
    expect(most.process).toBeLessThan((whole.bytes * 2) / 3);
  });

  it('keeps a few batches in memory (over HTTP)', async () => {
    const front = await startFront(path.join(scratch.folder, 'server'), 'miner', 'a password');
    const options = { network: 'simnet', server: { url: front.url, user: 'miner', password: 'a password' } };
    await run(options, fill);
    const { most, ...whole } = JSON.parse(await run(options, read)) as Reading;
    await front.stop();
    expect(whole.rows).toBe(rows);
    expect(whole.bytes).toBeGreaterThan(rows * 150);
    expect(most.node).toBeLessThan(whole.bytes / 3);
    expect(most.process).toBeLessThan(whole.bytes / 2);
  });
});
