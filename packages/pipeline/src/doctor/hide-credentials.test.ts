import { describe, expect, it } from 'vitest';
import { hideCredentials } from './hide-credentials.ts';

const hide = (found: string, env: NodeJS.ProcessEnv) =>
  hideCredentials({ name: 'ClickHouse', status: 'missing', found }, env).found;

describe('hideCredentials', () => {
  it('hides the user and the password, wherever they are set', () => {
    expect(
      hide('bob: wrong password swordfish', { CLICKHOUSE_USER: 'bob', CLICKHOUSE_PASSWORD: 'swordfish' }),
    ).toBe('***: wrong password ***');
    const url = 'http://carol:p%40ss.word@127.0.0.1:8123';
    expect(hide('carol gave p@ss.word (p%40ss.word)', { CLICKHOUSE_URL: url })).toBe('*** gave *** (***)');
  });

  it('hides a password that contains the user whole', () => {
    expect(hide('got bob-1', { CLICKHOUSE_USER: 'bob', CLICKHOUSE_PASSWORD: 'bob-1' })).toBe('got ***');
  });

  it('leaves other words alone', () => {
    expect(hide('a bobsled by default', { CLICKHOUSE_USER: 'bob' })).toBe('a bobsled by default');
    expect(hide('default: wrong', { CLICKHOUSE_USER: 'default' })).toBe('default: wrong');
    expect(hide('nothing is set', { CLICKHOUSE_USER: '', CLICKHOUSE_URL: 'no address' })).toBe(
      'nothing is set',
    );
  });
});
