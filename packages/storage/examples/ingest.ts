// Ingests a folder of snapshots and asks ClickHouse what is there.
// Run: node ingest.js ethereum ./snapshots
import { ingestSnapshots, initDatabase } from '@risk-scoring/storage';

const [network = 'simnet', from = './snapshots'] = process.argv.slice(2);
const { database } = await initDatabase({ network });
try {
  for (const { processingDate, outcome, rows } of await ingestSnapshots(database, { from })) {
    console.log(processingDate, outcome, rows.raw_alerts, 'alerts');
  }
  const severities = await database.query<{ severity: string; alerts: number }>({
    sql: `SELECT severity, toFloat64(count()) AS alerts
FROM published_alerts
WHERE window_days = {window:UInt16}
GROUP BY severity
ORDER BY alerts DESC`,
    params: { window: 30 },
    doing: 'counting alerts by severity',
  });
  console.table(severities);
} finally {
  await database.close();
}
