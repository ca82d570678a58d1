// A miner's own labels from a CSV file, into miner_labels. Run: node ingest-file.js
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ingestFile, initDatabase } from '@risk-scoring/storage';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-example-'));
const file = path.join(folder, 'labels.csv');
writeFileSync(
  file,
  `network,address,label,risk_level,confidence_score,source,data_set,data_set_version,valid_from
ethereum,0x00000000219ab540356cbb839cbe05303d7705fa,deposit contract,low,0.99,me,my-labels,1,2020-11-03
`,
);

const { database } = await initDatabase({ network: 'ethereum', dataDir: path.join(folder, 'data') });
console.log(await ingestFile(database, { from: file, table: 'miner_labels' }));
console.log(await ingestFile(database, { from: file, table: 'miner_labels' }));
await database.close();
