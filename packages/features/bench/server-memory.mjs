import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { initDatabase } from '@risk-scoring/storage';
import { fillNetwork } from './network-fixture.mjs';

const main = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@risk-scoring/test-servers/package.json')),
  'dist/front-main.js',
);

/** The highest memory of a Node process that builds the matrix while the engine is another process. */
export async function measureServerMemory({ folder, alerts, snapshots, groups }) {
  const front = spawn(process.execPath, [main, '--data-dir', path.join(folder, 'server')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url } = JSON.parse(String(await new Promise((resolve) => front.stdout.once('data', resolve))));
  const { database } = await initDatabase({ network: 'bench', server: { url } });
  const dates = await fillNetwork(database, alerts, snapshots);
  await database.close();
  const { peak, matrix } = await build(url, { dates, groups });
  const allowed = 1.5 * matrix + 150;
  console.log(
    `Node in server mode: ${peak.toFixed(0)} MB at its peak for a matrix of ${matrix.toFixed(0)} MB (target: at most ${allowed.toFixed(0)} MB, 1.5 × the matrix plus 150)`,
  );
  front.kill('SIGTERM');
  await new Promise((resolve) => front.once('exit', resolve));
}

async function build(url, request) {
  const script = `
    import { readFile } from 'node:fs/promises';
    import { openDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
    import { buildEverything } from ${JSON.stringify(new URL('./build-everything.mjs', import.meta.url).href)};
    const database = await openDatabase({ network: 'bench', server: { url: ${JSON.stringify(url)} } });
    const { matrix } = await buildEverything(database, ${JSON.stringify(request)});
    await database.close();
    // The high-water mark of this very program: the one of getrusage begins with that of the process it was forked from.
    const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
    const peak = Number(/^VmHWM:\\s*(\\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1000;
    console.log(JSON.stringify({ peak, matrix: matrix.values.byteLength / 1e6 }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the process ended with ${code}`);
  return JSON.parse(text);
}
