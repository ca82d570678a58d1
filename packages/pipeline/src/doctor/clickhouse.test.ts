import { describe, expect, it } from 'vitest';
import { checkDatabase, checkEngineFolder, checkServer } from './clickhouse.ts';
import type { MachineCheck } from './machine-check.ts';
import type { ProbeFailure, ProbeOutcome } from './probes.ts';

type Outcome = ProbeOutcome<'database'>;
const found: Outcome = {
  ok: true,
  value: { version: '26.7', name: 'risk_scoring_ethereum', location: 'http://ch:8123' },
};
const failed = (failure: Partial<ProbeFailure>): Outcome => ({
  ok: false,
  failure: { summary: 'It failed.', ...failure },
});

describe('checkServer', () => {
  it('shows the version and the place', () => {
    expect(checkServer(found)).toMatchObject({ status: 'ok', found: '26.7 at http://ch:8123' });
  });

  it('is content with a server that has no such database', () => {
    expect(checkServer(failed({ code: 'UNKNOWN_NETWORK' }))).toMatchObject({ status: 'ok' });
    expect(checkServer(failed({ code: 'MIGRATION_MISMATCH' }))).toMatchObject({ status: 'ok' });
  });

  it('passes on what a typed error says, and helps itself where it says nothing', () => {
    const refused = { code: 'SERVER_UNREACHABLE', found: 'connect\n ECONNREFUSED', remedy: 'start it' };
    expect(checkServer(failed(refused))).toMatchObject({
      status: 'missing',
      found: 'It failed: connect ECONNREFUSED',
      remedy: 'start it',
    });
    expect(checkServer(failed({ summary: 'no answer within 30 s' }))).toMatchObject({
      status: 'missing',
      found: 'no answer within 30 s',
      remedy: expect.stringContaining('CLICKHOUSE_URL'),
    });
  });
});

describe('checkEngineFolder', () => {
  const folder: MachineCheck = { name: 'data folder', status: 'ok', found: '/data' };

  it('leaves a folder that opens as it was', () => {
    expect(checkEngineFolder(folder, found)).toBe(folder);
    expect(checkEngineFolder(folder, failed({ code: 'UNKNOWN_NETWORK' }))).toBe(folder);
  });

  it('warns of one that is at work elsewhere, and misses one that cannot be opened', () => {
    const locked = failed({ code: 'DATA_FOLDER_LOCKED', found: 'process 7 has it open' });
    expect(checkEngineFolder(folder, locked)).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('process 7'),
    });
    expect(checkEngineFolder(folder, failed({ code: 'DATA_FOLDER_UNUSABLE' }))).toMatchObject({
      status: 'missing',
    });
  });
});

describe('checkDatabase', () => {
  it('says whether the network is there and up to date', () => {
    expect(checkDatabase('ethereum', found)).toEqual({
      name: 'network ethereum',
      status: 'ok',
      found: 'risk_scoring_ethereum, up to date',
    });
    expect(checkDatabase('ethereum', failed({ code: 'UNKNOWN_NETWORK', remedy: 'run init' }))).toMatchObject({
      status: 'missing',
      remedy: 'run init',
    });
  });
});
