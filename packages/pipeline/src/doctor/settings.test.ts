import { describe, expect, it } from 'vitest';
import { checkSettings } from './settings.ts';

describe('checkSettings', () => {
  it('says that there are none', () => {
    expect(checkSettings({ PATH: '/bin' })).toMatchObject([{ name: 'settings', status: 'ok' }]);
  });

  it('shows where the server is, and nobody who uses it', () => {
    const checks = checkSettings({
      CLICKHOUSE_URL: 'https://alice:opensesame@clickhouse.example:8443/path',
      CLICKHOUSE_USER: 'bob',
      CLICKHOUSE_PASSWORD: 'swordfish',
      CLICKHOUSE_CLUSTER: 'main',
    });
    expect(checks).toEqual([
      { name: 'CLICKHOUSE_URL', status: 'ok', found: 'https://clickhouse.example:8443' },
      { name: 'CLICKHOUSE_USER', status: 'ok', found: 'set' },
      { name: 'CLICKHOUSE_PASSWORD', status: 'ok', found: 'set' },
      { name: 'CLICKHOUSE_CLUSTER', status: 'ok', found: 'main' },
    ]);
  });

  it.each(['secret', 'tcp://bob:secret@host:9000', 'https://bob:secret@[bad'])(
    'refuses the address %s without repeating it',
    (url) => {
      const [check] = checkSettings({ CLICKHOUSE_URL: url });
      expect(check).toMatchObject({ name: 'CLICKHOUSE_URL', status: 'missing', remedy: expect.any(String) });
      expect(JSON.stringify(check)).not.toContain('secret');
    },
  );

  it('warns of what means nothing without a server, and refuses a cluster', () => {
    expect(checkSettings({ CLICKHOUSE_USER: 'bob', CLICKHOUSE_URL: ' ' })).toMatchObject([
      { name: 'CLICKHOUSE_USER', status: 'warning', remedy: expect.stringContaining('CLICKHOUSE_URL') },
    ]);
    expect(checkSettings({ CLICKHOUSE_CLUSTER: 'main' })).toMatchObject([
      { name: 'CLICKHOUSE_CLUSTER', status: 'missing', found: 'main, but no CLICKHOUSE_URL' },
    ]);
  });

  it('tells which of server and data folder is not used', () => {
    const env = { CLICKHOUSE_URL: 'http://127.0.0.1:8123', RISK_SCORING_DATA_DIR: '/data' };
    expect(checkSettings(env)).toMatchObject([
      { name: 'CLICKHOUSE_URL', status: 'ok' },
      { name: 'RISK_SCORING_DATA_DIR', status: 'warning', found: '/data, not used: CLICKHOUSE_URL is set' },
    ]);
    expect(checkSettings(env, '/other')[0]?.found).toBe(
      'http://127.0.0.1:8123, not used: the data folder /other is named',
    );
    expect(checkSettings({ RISK_SCORING_DATA_DIR: '/data' })).toMatchObject([
      { status: 'ok', found: '/data' },
    ]);
  });
});
