import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { initDatabase } from '../open-database.ts';
import { engineMemoryFromEnvironment } from './engine-memory.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('engineMemoryFromEnvironment', () => {
  it.each([
    ['500MB', 500e6],
    ['2 GB', 2e9],
    ['0.5GiB', 2 ** 29],
    [' 64MiB ', 64 * 2 ** 20],
  ])('reads %s', (text, bytes) => {
    expect(engineMemoryFromEnvironment({ RISK_SCORING_ENGINE_MEMORY: text })).toBe(bytes);
  });

  it('bounds nothing where nobody asks for it', () => {
    expect(engineMemoryFromEnvironment({})).toBeUndefined();
  });

  it.each(['2', 'GB', '2 TBs', '-1GB', '1MB', '2GB; SET x', 'NaNGB'])('refuses %s', (text) => {
    expect(() => engineMemoryFromEnvironment({ RISK_SCORING_ENGINE_MEMORY: text })).toThrow(
      InvalidInputError,
    );
  });
});

describe('a bounded engine', () => {
  const groups = 2_000_000;
  const grouping = `SELECT toFloat64(sum(n)) AS total, toFloat64(count()) AS rows, toFloat64(sum(length(texts))) AS texts
FROM (SELECT number % ${groups} AS key, count() AS n, groupUniqArray(toString(number)) AS texts FROM numbers(4000000) GROUP BY key)`;

  it('goes on on disk where a query would need more, and refuses it where it must not', async () => {
    const { database } = await initDatabase({ network: 'simnet', dataDir: folder, engineMemory: 400e6 });
    try {
      const statement = { sql: grouping, doing: 'grouping' };
      expect(await database.query(statement)).toEqual([{ total: 4_000_000, rows: groups, texts: 4_000_000 }]);
      const inMemory = {
        max_bytes_before_external_group_by: '0',
        max_bytes_ratio_before_external_group_by: 0,
      };
      await expect(database.query({ ...statement, settings: inMemory })).rejects.toThrow(/memory/i);
    } finally {
      await database.close();
    }
  });
});
