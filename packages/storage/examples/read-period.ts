// Streams a period's money flows without holding them. Run: node read-period.js ./data ethereum
import { openDatabase, readPeriod } from '@risk-scoring/storage';

const [dataDir = '.risk-scoring', network = 'ethereum'] = process.argv.slice(2);
const database = await openDatabase({ network, dataDir });
let rows = 0;
let transactions = 0n;
for await (const batch of readPeriod(database, {
  table: 'raw_money_flows',
  startDate: '2019-01-01',
  endDate: '2019-12-31',
  windowDays: 30,
  columns: ['tx_count'],
})) {
  rows += batch.numRows;
  for (const count of batch.getChild('tx_count') ?? []) transactions += count as bigint;
}
console.log(`${rows} flows of ${transactions} transactions`);
await database.close();
