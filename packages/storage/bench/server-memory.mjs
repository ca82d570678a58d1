import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const main = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@risk-scoring/test-servers/package.json')),
  'dist/front-main.js',
);

/** The highest memory of a Node process that sends files to an engine in another process, by how much it sends. */
export async function measureServerMemory({ folder, source, files }) {
  const front = spawn(process.execPath, [main, '--data-dir', path.join(folder, 'server')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url } = JSON.parse(String(await new Promise((resolve) => front.stdout.once('data', resolve))));
  const bytes = files.reduce((sum, file) => sum + statSync(file.path).size, 0);
  const nothing = await peak(url, 'undefined');
  const whole = await peak(url, JSON.stringify(source));
  console.log(
    `Node in server mode: ${nothing.toFixed(0)} MB at its peak with nothing to send, ${whole.toFixed(0)} MB when sending ${(bytes / 1e6).toFixed(0)} MB (target: under 200 MB)`,
  );
  front.kill('SIGTERM');
  await new Promise((resolve) => front.once('exit', resolve));
}

/** Peak resident memory in MB of a process that ingests `from`. */
async function peak(url, from) {
  const script = `
    import { readFile } from 'node:fs/promises';
    import { ingestSnapshots, initDatabase } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const { database } = await initDatabase({ network: 'bench', server: { url: ${JSON.stringify(url)} } });
    const from = ${from};
    if (from) await ingestSnapshots(database, { from, force: true });
    await database.close();
    // The high-water mark of this very program: the one of getrusage begins with that of the process it was forked from.
    const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
    console.log(Number(/^VmHWM:\\s*(\\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the process ended with ${code}`);
  return Number(text);
}
