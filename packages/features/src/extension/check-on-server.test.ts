import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { initDatabase } from '@risk-scoring/storage';
import { startClickHouseFront } from '@risk-scoring/test-servers';
import { expect, it } from 'vitest';
import { addressGroup } from '../groups/address.ts';
import { networkGroup } from '../groups/network.ts';
import { checkFeatureGroup } from './check-feature-group.ts';

it('checks the same over HTTP', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
  const account = { user: 'miner', password: 'a password' };
  const front = await startClickHouseFront({ dataDir: folder, ...account });
  try {
    const { database } = await initDatabase({ network: 'simnet', server: { url: front.url, ...account } });
    await checkFeatureGroup(database, networkGroup);
    const before = front.requests.length;
    for (const [sql, found] of [
      [addressGroup.sql.replace('FROM features', 'FROM published_features'), /published_features/],
      [addressGroup.sql.replace('FROM features', "FROM url('http://127.0.0.1:9/', 'CSV')"), /function url/],
      [`${addressGroup.sql} WHERE now() > 0`, /function now/],
      [`${addressGroup.sql} WHERE nowhere`, /nowhere/],
      [`${addressGroup.sql} WHERE {typo:UInt8}`, /typo/],
    ] as const) {
      await expect(checkFeatureGroup(database, { ...addressGroup, sql })).rejects.toMatchObject({
        code: 'FEATURE_GROUP_INVALID',
        found: expect.stringMatching(found),
      });
    }
    expect(front.requests.length - before, 'requests: a bad group is not tried again').toBeLessThan(20);
    await database.close();
  } finally {
    await front.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
