// Reads a period as Arrow tables and says what it holds.
// Run: node extract.js ethereum 2018-02-01 2019-12-01
import { extractTrainingData, fingerprintPeriod } from '@risk-scoring/extraction';
import { openDatabase } from '@risk-scoring/storage';

const [network = 'simnet', startDate = '2025-01-06', endDate = '2025-02-10'] = process.argv.slice(2);
const period = { network, startDate, endDate, windowDays: 30 };
const database = await openDatabase({ network });
try {
  const { data, snapshots } = await extractTrainingData(database, period, {
    tables: ['alerts', 'addressLabels'],
  });
  console.log(
    data.alerts.numRows,
    'alerts and',
    data.addressLabels.numRows,
    'label rows in',
    snapshots.length,
    'snapshots',
  );
  console.log(await fingerprintPeriod(database, period));
} finally {
  await database.close();
}
