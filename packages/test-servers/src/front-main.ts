import { parseArgs } from 'node:util';
import { startClickHouseFront } from './clickhouse/front.ts';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    port: { type: 'string', default: '0' },
    user: { type: 'string' },
    password: { type: 'string' },
  },
});
if (values['data-dir'] === undefined) {
  console.error('usage: front-main.js --data-dir DIR [--port 0] [--user USER --password PASSWORD]');
  process.exit(2);
}
const front = await startClickHouseFront({
  dataDir: values['data-dir'],
  port: Number(values.port),
  ...(values.user === undefined ? {} : { user: values.user }),
  ...(values.password === undefined ? {} : { password: values.password }),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void front.close());
process.stdout.write(`${JSON.stringify({ url: front.url, pid: process.pid })}\n`);
