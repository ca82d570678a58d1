import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const main = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@risk-scoring/test-servers/package.json')),
  'dist/front-main.js',
);
const TARGET_MB = 500;

/** The highest memory of a Node process that scores a snapshot while the engine is another process, for each of some snapshots. */
export async function measureScoringMemory({ dataDir, dates, windowDays, model }) {
  const front = spawn(process.execPath, [main, '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { url } = JSON.parse(String(await new Promise((resolve) => front.stdout.once('data', resolve))));
    for (const { size, date } of dates) {
      const { peak, alerts, seconds } = await score(url, { date, windowDays, model });
      if (alerts !== size) throw new Error(`${alerts} of ${size} alerts were scored`);
      console.log(
        `${peak.toFixed(0).padStart(6)} MB at the peak of Node in server mode for ${size.toLocaleString('en')} alerts (target: less than ${TARGET_MB} MB), in ${seconds.toFixed(1)} s`,
      );
    }
  } finally {
    const ended = new Promise((resolve) => front.once('exit', resolve));
    front.kill('SIGTERM');
    await ended;
  }
}

async function score(url, { date, windowDays, model }) {
  const script = fileURLToPath(new URL('./score-on-server.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, url, date, `${windowDays}`, model], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the process ended with ${code}`);
  return JSON.parse(text);
}
