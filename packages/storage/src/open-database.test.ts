import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveDataDir } from './engine/data-folder.ts';
import {
  DatabaseError,
  DataFolderError,
  DataFolderLockedError,
  MissingTableError,
  UnknownNetworkError,
} from './errors.ts';
import { databaseName } from './network.ts';
import { initDatabase, openDatabase } from './open-database.ts';
import { scratchFolder } from './testing/scratch.ts';

const scratch = scratchFolder();
const dataDir = path.join(scratch.folder, 'data');
afterAll(() => scratch.remove());

describe('databaseName', () => {
  it('takes 1 to 63 of a-z, 0-9 and _, and nothing that could leave its place in SQL or on disk', () => {
    expect(databaseName('ethereum')).toBe('risk_scoring_ethereum');
    for (const bad of ['', 'Ethereum', 'a-b', 'a b', 'a`; DROP DATABASE x', '../x', 'x'.repeat(64)]) {
      expect(() => databaseName(bad)).toThrow(InvalidInputError);
    }
  });
});

describe('resolveDataDir', () => {
  it('takes the argument, then the environment, then .risk-scoring', () => {
    expect(resolveDataDir('/a', { RISK_SCORING_DATA_DIR: '/b' })).toBe('/a');
    expect(resolveDataDir(undefined, { RISK_SCORING_DATA_DIR: '/b' })).toBe('/b');
    expect(resolveDataDir(undefined, {})).toBe(path.resolve('.risk-scoring'));
  });
});

describe('openDatabase', () => {
  it('refuses an unknown network without leaving a folder behind', async () => {
    await expect(openDatabase({ network: 'nowhere', dataDir })).rejects.toThrow(UnknownNetworkError);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('names the networks that exist when one is misspelt', async () => {
    const { database } = await initDatabase({ network: 'ethereum', dataDir });
    await database.close();
    await expect(openDatabase({ network: 'etherium', dataDir })).rejects.toThrow(
      /networks: ethereum.*init --network etherium/,
    );
  });

  it('says which table is missing, and what else the engine refused', async () => {
    const database = await openDatabase({ network: 'ethereum', dataDir });
    try {
      await database.command({ sql: 'DROP TABLE raw_money_flows', doing: 'dropping' });
      const reading = database.query({
        sql: 'SELECT count() FROM raw_money_flows',
        doing: 'counting the flows',
      });
      await expect(reading).rejects.toThrow(MissingTableError);
      await expect(reading).rejects.toThrow(/while counting the flows.*raw_money_flows/);
      await expect(database.query({ sql: 'SELEKT 1', doing: 'selecting' })).rejects.toThrow(DatabaseError);
    } finally {
      await database.close();
    }
  });

  it('refuses a data folder that is a file', async () => {
    const file = path.join(scratch.folder, 'file');
    writeFileSync(file, '');
    await expect(initDatabase({ network: 'ethereum', dataDir: file })).rejects.toThrow(DataFolderError);
  });

  it('names the process that holds the folder', async () => {
    const locked = path.join(scratch.folder, 'locked');
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { initDatabase } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
         await initDatabase({ network: 'ethereum', dataDir: ${JSON.stringify(locked)} });
         console.log('open');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve));
      const opening = openDatabase({ network: 'ethereum', dataDir: locked });
      await expect(opening).rejects.toThrow(DataFolderLockedError);
      await expect(opening).rejects.toThrow(new RegExp(`process ${holder.pid} has it open`));
    } finally {
      holder.kill('SIGKILL');
    }
  });
});
