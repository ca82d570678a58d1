import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { describeBuildTools } from './build-tools.ts';
import { describeLibrary } from './capi/library-location.ts';
import { describeKoffi, describeLightgbm } from './describe-lightgbm.ts';

const folder = mkdtempSync(join(tmpdir(), 'describe-lightgbm-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a process of its own, as a process loads the library only once. */
async function codeWith(library: string): Promise<string> {
  const script = `import { describeLightgbm } from '@risk-scoring/lightgbm';
    try { describeLightgbm(); console.log('fine'); } catch (error) { console.log(error.code); }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: new URL('.', import.meta.url),
    env: { ...process.env, LIGHTGBM_LIBRARY: library },
  });
  return stdout.trim();
}

describe('describeLightgbm', () => {
  it('says which library it trained with', () => {
    expect(describeLightgbm()).toEqual(describeLibrary());
  });

  it('misses a library that is not there, and refuses a file that is none', async () => {
    expect(await codeWith(join(folder, 'gone.so'))).toBe('LIGHTGBM_LIBRARY_NOT_FOUND');
    writeFileSync(join(folder, 'text.so'), 'not a library');
    expect(await codeWith(join(folder, 'text.so'))).toBe('LIGHTGBM_LIBRARY_INVALID');
  });
});

describe('describeKoffi', () => {
  it('says its version', () => {
    expect(describeKoffi().version).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('describeBuildTools', () => {
  it('names every tool that is not on the PATH, and the command that installs them', () => {
    const { found, missing, install } = describeBuildTools({ PATH: folder });
    expect(found).toEqual([]);
    expect(missing).toContain('cmake');
    expect(install).toMatch(/cmake/);
  });

  it.runIf(process.platform !== 'win32')('finds what is on the PATH, under any of its names', () => {
    for (const command of ['cmake', 'ninja', 'clang++', 'gcc']) writeFileSync(join(folder, command), '');
    expect(describeBuildTools({ PATH: `/nowhere:${folder}` })).toMatchObject({
      missing: [],
      install: '',
      build: 'npm run setup',
    });
  });
});
