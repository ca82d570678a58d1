// Scores a snapshot on a server and prints what that took: node score-on-server.mjs URL DATE WINDOW_DAYS MODEL
import { readFile } from 'node:fs/promises';
import { scoreSnapshot } from '@risk-scoring/pipeline';
import { openDatabase } from '@risk-scoring/storage';

const [url, date, windowDays, model] = process.argv.slice(2);
const database = await openDatabase({ network: 'bench', server: { url } });
const started = performance.now();
const { alerts } = await scoreSnapshot(database, { date, windowDays: Number(windowDays), model });
const seconds = (performance.now() - started) / 1000;
await database.close();
// The high-water mark of this very program: the one of getrusage begins with that of the process it was forked from.
const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
const kibibytes = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
const peak = (kibibytes * 1024) / 1e6;
console.log(JSON.stringify({ peak, alerts, seconds }));
