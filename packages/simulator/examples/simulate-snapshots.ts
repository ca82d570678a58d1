// Write three small snapshots into a temporary folder and say what is in them.
//   node examples/simulate-snapshots.ts    (Node 22.18 or later runs TypeScript as it is)

import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SnapshotMeta, simulateSnapshots } from '@risk-scoring/simulator';

const outputDir = await mkdtemp(join(tmpdir(), 'sot-'));
const summary = await simulateSnapshots({
  outputDir,
  seed: 7,
  snapshots: 3,
  alerts: 1500,
  onSnapshot: ({ processingDate, alerts, labelledAlerts, positiveAlerts }) => {
    console.log(
      `${processingDate}: ${alerts} alerts, ${labelledAlerts} labelled, ${positiveAlerts} of them positive`,
    );
  },
});

const [first] = summary.snapshots;
if (first) {
  const meta = JSON.parse(await readFile(join(first.folder, 'META.json'), 'utf8')) as SnapshotMeta;
  for (const [name, { rows, bytes, md5 }] of Object.entries(meta.files)) {
    console.log(`${name}: ${rows} rows, ${bytes} bytes, md5 ${md5}`);
  }
}
console.log(`All of it is in ${outputDir}`);
