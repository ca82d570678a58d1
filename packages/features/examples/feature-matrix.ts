// Computes the features of one snapshot and prints the first alert's, with what they mean.
// Run: node feature-matrix.js ethereum 2020-01-01
import { buildFeatureMatrix, DEFAULT_GROUPS } from '@risk-scoring/features';
import { openDatabase } from '@risk-scoring/storage';

const [network = 'simnet', processingDate = '2025-02-10'] = process.argv.slice(2);
const database = await openDatabase({ network });
try {
  const [counted] = await database.query<{ alerts: number; typologies: string[]; types: string[] }>({
    sql: `SELECT
    toFloat64(count()) AS alerts,
    arraySort(groupUniqArray(typology_type)) AS typologies,
    arraySort(groupUniqArray(suspected_address_type)) AS types
FROM published_alerts
WHERE processing_date = {date:Date} AND window_days = 30`,
    params: { date: processingDate },
    doing: 'counting the alerts',
  });
  const matrix = await buildFeatureMatrix(database, {
    snapshots: [{ processingDate, windowDays: 30, rows: counted?.alerts ?? 0 }],
    plan: {
      groups: DEFAULT_GROUPS.map((group) => group.name),
      encodings: { typology: counted?.typologies ?? [], suspected_address_type: counted?.types ?? [] },
    },
  });
  matrix.columns.forEach(({ name, meaning, unit = '' }, column) => {
    console.log(name, matrix.values[column * matrix.rows], unit, '—', meaning);
  });
} finally {
  await database.close();
}
