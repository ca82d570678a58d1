// Stores labels from memory as a version of a data set, and says which versions there are.
// Run: node label-sets.js ethereum
import { createHash } from 'node:crypto';
import { importLabelSet, initDatabase, listLabelSets } from '@risk-scoring/storage';

const { database } = await initDatabase({ network: process.argv[2] ?? 'simnet' });
const text = '0xab high\n0xcd low\n';
const lines = text
  .trim()
  .split('\n')
  .map((line) => line.split(' '));
const column = (place: number) => ({
  codes: Int32Array.from(lines, (_, row) => row),
  values: lines.map((line) => line[place] ?? ''),
});
try {
  const { outcome } = await importLabelSet(database, {
    dataSet: 'my-labels',
    version: '1',
    source: 'labels.txt',
    sha256: createHash('sha256').update(text).digest('hex'),
    rows: {
      rows: lines.length,
      addresses: column(0),
      riskLevels: column(1),
      confidences: new Float32Array(lines.length).fill(0.9),
      sources: { codes: new Int32Array(lines.length), values: ['me'] },
      validFrom: new Int32Array(lines.length),
    },
  });
  console.log(outcome);
  console.table(await listLabelSets(database));
} finally {
  await database.close();
}
