// How long it takes to label a period and to validate a file of labels, reading included. Figures depend on the machine, so the engine's
// own time for the same rows is told, too.
//
//   pnpm bench [--alerts 1000000] [--rows 300000] [--file-rows 1000000] [--rounds 3]

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { extractTrainingData } from '@risk-scoring/extraction';
import { createAddressLabelStrategy } from '@risk-scoring/labels';
import { labelStrategyByName, validateLabels } from '@risk-scoring/pipeline';
import { initDatabase } from '@risk-scoring/storage';

const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '300000' },
    'file-rows': { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const alerts = Number(values.alerts);
const labels = Number(values.rows);
const fileRows = Number(values['file-rows']);
const rounds = Number(values.rounds);

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const { database } = await initDatabase({ network: 'bench', dataDir: path.join(folder, 'data') });
await fill();
const period = { network: 'bench', startDate: '2025-01-06', endDate: '2025-02-03', windowDays: 30 };

await time('the engine counts the same alerts and labels', () =>
  database.query({
    sql: `SELECT (SELECT uniqExact(address) FROM published_alerts) AS a, (SELECT uniqExact(address) FROM published_address_labels) AS b`,
    doing: 'counting',
  }),
);
const strategy = createAddressLabelStrategy();
let data;
const reading = await time(
  `extraction of ${count(alerts)} alerts and ${count(labels)} label rows`,
  async () => {
    ({ data } = await extractTrainingData(database, period, {
      tables: strategy.requires,
      columns: strategy.columns,
    }));
  },
);
const labelling = await time(`the default strategy labels them`, async () => {
  await strategy.deriveLabels(data.alerts, data, { seed: 1 });
});
console.log(`${(reading + labelling).toFixed(2).padStart(6)} s  together (target: less than 1 s)`);

const file = path.join(folder, 'labels.csv');
await writeLabels(file);
await time(`validation of a CSV of ${count(fileRows)} rows (target: less than 5 s)`, () =>
  validateLabels(database, {
    period: { windowDays: 30 },
    labels: { kind: 'file', file },
    labelStrategy: labelStrategyByName('address'),
  }),
);
await database.close();

/** Five weekly snapshots; two alerts in three have an address of their own, and a label row is of some of these or of a stranger. */
async function fill() {
  const address = (number) => `concat('0x', leftPad(lower(hex(intHash64(${number}))), 40, '0'))`;
  const date = (n, all) => `toDate('2025-01-06') + 7 * intDiv(${n} * 5, ${all})`;
  await database.command({
    sql: `INSERT INTO raw_alerts (window_days, processing_date, alert_id, address, typology_type, alert_confidence_score)
SELECT 30, ${date('number', alerts)}, toString(number), ${address(`number % ${Math.ceil(alerts * 0.66)}`)},
    ['fan_in', 'fan_out', 'structuring', 'high_value'][1 + number % 4], 0.5
FROM numbers(${alerts})`,
    doing: 'filling raw_alerts',
    repeatable: false,
  });
  await database.command({
    sql: `INSERT INTO raw_address_labels (window_days, processing_date, network, address, risk_level, confidence_score, source)
SELECT 30, ${date('number', labels)}, 'bench', ${address(`toUInt64(number * ${(alerts * 0.88) / labels})`)},
    ['low', 'medium', 'high', 'critical'][1 + number % 4], (1 + number % 10) / 10, concat('source-', toString(number % 7))
FROM numbers(${labels})`,
    doing: 'filling raw_address_labels',
    repeatable: false,
  });
}

async function writeLabels(name) {
  const [{ addresses }] = await database.query({
    sql: `SELECT groupArray(address) AS addresses FROM (SELECT DISTINCT address FROM published_alerts ORDER BY address LIMIT 200000)`,
    doing: 'reading addresses',
  });
  const out = createWriteStream(name);
  out.write('address,label,confidence,source\n');
  for (let from = 0; from < fileRows; from += 10_000) {
    let text = '';
    for (let row = from; row < Math.min(fileRows, from + 10_000); row++) {
      const known = row < addresses.length ? addresses[row] : `0x${row.toString(16).padStart(40, 'f')}`;
      text += `${known},${row % 5 === 0 ? 1 : 0},0.${1 + (row % 9)},list-${row % 3}\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** The shortest of some rounds, in seconds; processor time is of all threads, the engine's included, and of the thriftiest round. */
async function time(what, work) {
  let [best, thriftiest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    const [before, cpu] = [performance.now(), process.cpuUsage()];
    await work();
    best = Math.min(best, (performance.now() - before) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    thriftiest = Math.min(thriftiest, (user + system) / 1e6);
  }
  console.log(`${best.toFixed(2).padStart(6)} s  ${what} (${thriftiest.toFixed(2)} s of processor)`);
  return best;
}

function count(value) {
  return value.toLocaleString('en-US');
}
