// Makes a small file of labels, as a miner would bring one, from simulated snapshots: packages/labels/examples/labels.csv. The same bytes every time.
//   node examples/make-label-file.mjs [file]

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';

/** More suspicious ones than chance would give, so that there is something to learn. */
const ROWS_OF_LABEL = { 0: 200, 1: 100 };
const HEADER = 'address,label,confidence,source,valid_from';
const file = process.argv[2] ?? fileURLToPath(new URL('../../labels/examples/labels.csv', import.meta.url));

const outputDir = await mkdtemp(join(tmpdir(), 'sot-'));
try {
  // As `risk-scoring simulate` does without options, so that its alerts are of these addresses.
  const { snapshots } = await simulateSnapshots({ outputDir, seed: 1 });
  const lines = chooseRows(snapshots).map((row) => row.join(','));
  await writeFile(file, `${[HEADER, ...lines].join('\n')}\n`);
  console.log(`${lines.length} rows in ${file}`);
} finally {
  await rm(outputDir, { recursive: true });
}

/** What is published of alerted addresses, each from the first snapshot that says it: so many of each label, evenly spread over the addresses. */
function chooseRows(snapshots) {
  const rows = new Map();
  for (const { folder, processingDate } of snapshots) {
    const alerted = new Set(column(folder, 'raw_alerts.parquet', 'address'));
    const read = (name) => column(folder, 'raw_address_labels.parquet', name);
    const [levels, confidences, sources] = ['risk_level', 'confidence_score', 'source'].map(read);
    read('address').forEach((address, row) => {
      const key = `${address} ${sources[row]}`;
      if (!alerted.has(address) || rows.has(key)) return;
      const label = ['high', 'critical'].includes(levels[row]) ? 1 : 0;
      rows.set(key, [address, label, Number(confidences[row].toFixed(2)), sources[row], processingDate]);
    });
  }
  const ordered = [...rows.keys()].sort().map((key) => rows.get(key));
  const chosen = Object.entries(ROWS_OF_LABEL).flatMap(([wanted, count]) => {
    const all = ordered.filter(([, label]) => label === Number(wanted));
    return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]);
  });
  return ordered.filter((row) => chosen.includes(row));
}

function column(folder, name, column) {
  const table = tableFromIPC(readParquet(readFileSync(join(folder, name))).intoIPCStream());
  return Array.from(table.getChild(column));
}
