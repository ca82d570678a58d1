import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { libraryFileName, lightGBMVersion, userCacheFolder } from '../../scripts/library-paths.mjs';
import { describeLibrary } from './library-location.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'library-location-')));
afterAll(() => rmSync(folder, { recursive: true }));

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** This package, installed into a node_modules folder of its own, with its dependencies. */
function installPackage(): string {
  const installed = join(folder, 'node_modules', '@risk-scoring', 'lightgbm');
  for (const part of ['dist', 'scripts', 'package.json']) {
    cpSync(join(packageRoot, part), join(installed, part), { recursive: true });
  }
  mkdirSync(join(installed, 'node_modules', '@risk-scoring'), { recursive: true });
  for (const dependency of ['koffi', 'lightgbm', '@risk-scoring/contract']) {
    const real = realpathSync(join(packageRoot, 'node_modules', dependency));
    symlinkSync(real, join(installed, 'node_modules', dependency), 'dir');
  }
  return installed;
}

/** Opens LightGBM in a process of its own and prints what came of it. */
async function tryToLoad(
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code?: string; path?: string; message?: string }> {
  const script = `
    import { describeLibrary, openLightGBMSession } from '@risk-scoring/lightgbm';
    try {
      await (await openLightGBMSession()).dispose();
      console.log(JSON.stringify({ path: describeLibrary().path }));
    } catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message, name: error.name })); }`;
  const options = { cwd, env: { ...process.env, ...env } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    options,
  );
  return JSON.parse(stdout);
}

describe('the native library', () => {
  const installed = installPackage();
  const cache = join(folder, 'cache');
  const cached = join(
    userCacheFolder(lightGBMVersion(), { env: { XDG_CACHE_HOME: cache } }),
    libraryFileName(),
  );
  const elsewhere = { XDG_CACHE_HOME: cache, LIGHTGBM_LIBRARY: '' };

  it('that is nowhere is missed with all places and the command that builds it', async () => {
    const { code, message } = await tryToLoad(installed, elsewhere);
    expect(code).toBe('LIGHTGBM_LIBRARY_NOT_FOUND');
    expect(message).toContain(join(installed, 'native', libraryFileName()));
    expect(message).toContain(cached);
    expect(message).toContain('npx risk-scoring-lightgbm-build');
  });

  it('is found in the cache of the user', async () => {
    mkdirSync(dirname(cached), { recursive: true });
    cpSync(describeLibrary().path, cached);
    expect(await tryToLoad(installed, elsewhere)).toEqual({ path: cached });
  });

  it('at LIGHTGBM_LIBRARY comes before all others, and is the only one looked at', async () => {
    const chosen = join(folder, `chosen-${libraryFileName()}`);
    cpSync(describeLibrary().path, chosen);
    expect(await tryToLoad(installed, { ...elsewhere, LIGHTGBM_LIBRARY: chosen })).toEqual({ path: chosen });
    const gone = await tryToLoad(installed, { ...elsewhere, LIGHTGBM_LIBRARY: join(folder, 'gone.so') });
    expect(gone.code).toBe('LIGHTGBM_LIBRARY_NOT_FOUND');
    expect(gone.message).not.toContain(cached);
  });

  it('must be a library', async () => {
    const text = join(folder, 'text.so');
    writeFileSync(text, 'not a library');
    const { code, message } = await tryToLoad(installed, { ...elsewhere, LIGHTGBM_LIBRARY: text });
    expect(code).toBe('LIGHTGBM_LIBRARY_INVALID');
    expect(message).toContain(text);
  });

  it.runIf(process.platform === 'linux')('must be LightGBM', async () => {
    const other = join(dirname(process.execPath), 'node');
    const { code } = await tryToLoad(installed, { ...elsewhere, LIGHTGBM_LIBRARY: other });
    expect(code).toBe('LIGHTGBM_LIBRARY_INVALID');
  });

  it.skipIf(process.env.LIGHTGBM_LIBRARY)('says its version where it was built by this package', () => {
    expect(describeLibrary().version).toMatch(/^\d+\.\d+\.\d+/);
  });
});
