#!/usr/bin/env node
// Builds LightGBM's shared library from the C++ sources in the npm package `lightgbm`.
// With `--cli` it builds LightGBM's own command instead, for the benchmark; nothing else needs that.
// Prints the path of what was built on stdout; everything else goes to stderr.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildError } from './build-error.mjs';
import { compile } from './compile.mjs';
import { COMMAND, install, isInstalled, LIBRARY } from './install-library.mjs';
import { buildFolder, lightGBMVersion, sourceRoot } from './library-paths.mjs';
import { startProgress } from './progress.mjs';
import { requireToolchain } from './toolchain.mjs';

const log = (line) => process.stderr.write(`${line}\n`);

async function main() {
  const product = process.argv.includes('--cli') ? COMMAND : LIBRARY;
  if (product === LIBRARY && process.env.LIGHTGBM_LIBRARY)
    return checkGivenLibrary(process.env.LIGHTGBM_LIBRARY);
  const { sources, version } = findSources();
  const folder = buildFolder(version);
  if (isInstalled(folder, version, product)) return join(folder, product.file);
  const toolchain = requireToolchain(log);
  return inTemporaryFolder(async (workFolder, onChild) => {
    const progress = startProgress(
      `Building LightGBM ${version}${product === COMMAND ? ' (its command)' : ''}`,
    );
    try {
      const output = await compile({
        sources,
        workFolder,
        generator: toolchain.generator,
        target: product.target,
        progress: progress.update,
        onChild,
      });
      const built = join(output, product.file);
      if (product === LIBRARY) await checkLoads(built);
      // Another build may have been quicker; what it built is as good, and may be in use already.
      if (!isInstalled(folder, version, product)) install(built, folder, { version, toolchain, product });
    } finally {
      progress.end();
    }
    log(`Built LightGBM ${version} in ${progress.seconds()} s.`);
    return join(folder, product.file);
  });
}

async function checkGivenLibrary(path) {
  if (!existsSync(path)) {
    throw new BuildError(`LIGHTGBM_LIBRARY points to ${path}, where there is no file. Mend or unset it.`);
  }
  await checkLoads(path);
  log('LIGHTGBM_LIBRARY is set and loads; nothing to build.');
  return path;
}

/** Loads the library and looks for one of its functions, so that a wrong one is found now and not in a training. */
async function checkLoads(path) {
  const { default: koffi } = await import('koffi');
  try {
    koffi.load(path).func('const char *LGBM_GetLastError()')();
  } catch (error) {
    throw new BuildError(`${path} is not a LightGBM library that this machine can load: ${error.message}`);
  }
}

function findSources() {
  try {
    return { sources: sourceRoot(), version: lightGBMVersion() };
  } catch (error) {
    throw new BuildError(
      `The sources of LightGBM are missing: the npm package 'lightgbm' is not installed (${error.code}). Install the dependencies first.`,
    );
  }
}

/** Gives `work` a folder that is gone afterwards, however the work ends. */
async function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'lightgbm-build-'));
  let child;
  const stop = (signal) => {
    if (child) killGroup(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(folder, (running) => {
      child = running;
    });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** cmake starts make, which starts compilers: all of them end, not only the first. */
function killGroup(child) {
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

try {
  process.stdout.write(`${await main()}\n`);
} catch (error) {
  log(error instanceof BuildError ? error.message : error.stack);
  process.exitCode = 1;
}
