// The same calls on a ClickHouse server. Run: CLICKHOUSE_URL=http://127.0.0.1:8123 node server.js
import { databaseStatus, initDatabase, serverFromEnvironment } from '@risk-scoring/storage';

const server = serverFromEnvironment();
if (server === undefined)
  throw new Error('set CLICKHOUSE_URL, and CLICKHOUSE_USER and CLICKHOUSE_PASSWORD where needed');
const { database } = await initDatabase({
  network: 'ethereum',
  server,
  onRetry: ({ doing, attempt, reason }) => console.warn(`${doing}: attempt ${attempt} failed, ${reason}`),
});
const { engine, location, version, snapshots } = await databaseStatus(database);
console.log(`${engine} ${version} at ${location}: ${snapshots.length} snapshots`);
await database.close();
