// The script itself, in a copy of this package; only the compiler is a stand-in, which takes the library that is built
// already instead of minutes. The real compiler made that one.
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandFileName, libraryFileName, lightGBMVersion, packageNativeFolder } from './library-paths.mjs';

const realPackage = fileURLToPath(new URL('..', import.meta.url));
const realLibrary = process.env.LIGHTGBM_LIBRARY || join(packageNativeFolder(), libraryFileName());
const library = libraryFileName();
const isRoot = process.getuid?.() === 0;
const isDebian = existsSync('/etc/debian_version');

let folder;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'build-native-test-')));
  for (const name of ['bin', 'tmp', 'cache']) mkdirSync(join(folder, name));
  for (const name of ['', 'bin', 'tmp', 'cache']) chmodSync(join(folder, name), 0o777);
  tool('node', `exec ${process.execPath} "$@"`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An executable on the PATH of the script, which has no other. */
function tool(name, body) {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** Tools that configure and build in no time; each build leaves a line in `builds`. */
function tools({ build = `/bin/cp ${realLibrary} "$output/${library}"` } = {}) {
  tool(
    'cmake',
    `case "$1" in
      --version) echo 'cmake version 3.99.0';;
      -S) /bin/mkdir -p "$4"; for word in "$@"; do case "$word" in -DCMAKE_LIBRARY_OUTPUT_DIRECTORY=*) echo "$word" | /usr/bin/cut -d= -f2 > "$4/where";; esac; done;;
      --build) output=$(/bin/cat "$2/where"); /bin/mkdir -p "$output"; echo build >> ${folder}/builds; echo '[ 50%] half'; ${build};;
    esac`,
  );
  for (const name of ['make', 'c++', 'cc']) tool(name, `echo 'stand-in 1.0'`);
}

/** A copy of this package: in a checkout of its own, or installed into a node_modules folder. */
function copyPackage({ installed = false } = {}) {
  const copy = join(folder, ...(installed ? ['app', 'node_modules'] : []), 'lightgbm-package');
  mkdirSync(join(copy, 'node_modules'), { recursive: true });
  for (const part of ['scripts', 'package.json'])
    cpSync(join(realPackage, part), join(copy, part), { recursive: true });
  for (const dependency of ['koffi', 'lightgbm']) {
    symlinkSync(
      realpathSync(join(realPackage, 'node_modules', dependency)),
      join(copy, 'node_modules', dependency),
    );
  }
  return copy;
}

function environment(extra) {
  const { TURBO_HASH: _, LIGHTGBM_LIBRARY: __, CC: ___, CXX: ____, ...env } = process.env;
  const own = {
    PATH: join(folder, 'bin'),
    TMPDIR: join(folder, 'tmp'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
  return { ...env, ...own, ...extra };
}

function start(copy, { env = {}, uid, args = [] } = {}) {
  const script = join(copy, 'scripts', 'build-native.mjs');
  return spawn(process.execPath, [script, ...args], {
    env: environment(env),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

async function finish(child) {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

const isTheLibrary = (path) => readFileSync(path).equals(readFileSync(realLibrary));

/** A process that was killed may stay as a zombie until its new parent takes note. */
function isRunning(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

const build = (copy, options) => finish(start(copy, options));
const builds = () =>
  existsSync(join(folder, 'builds'))
    ? readFileSync(join(folder, 'builds'), 'utf8').split('\n').length - 1
    : 0;
const leftovers = () => readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('lightgbm-build-'));

describe.skipIf(process.env.LIGHTGBM_LIBRARY)('the library of this checkout', () => {
  it('was built from the sources that are installed, and is untouched since', () => {
    const note = JSON.parse(readFileSync(join(packageNativeFolder(), 'build.json'), 'utf8'));
    expect(note).toMatchObject({
      lightgbm: lightGBMVersion(),
      platform: process.platform,
      arch: process.arch,
    });
    const again = spawnSync(process.execPath, [join(realPackage, 'scripts', 'build-native.mjs')], {
      env: environment(),
      encoding: 'utf8',
    });
    expect(again).toMatchObject({ status: 0, stdout: `${realLibrary}\n`, stderr: '' });
  });
});

describe('a build', () => {
  it('in a checkout lands in the package, and is not repeated', async () => {
    tools();
    const copy = copyPackage();
    const first = await build(copy);
    expect(first).toMatchObject({ code: 0, stdout: `${join(copy, 'native', library)}\n` });
    expect(first.stderr).toMatch(/Building LightGBM .*: 0 % \(0 s\)\nBuilt LightGBM/);
    expect(readdirSync(join(copy, 'native')).sort()).toEqual(['build.json', library].sort());
    expect(JSON.parse(readFileSync(join(copy, 'native', 'build.json'), 'utf8'))).toMatchObject({
      lightgbm: lightGBMVersion(),
      compiler: 'stand-in 1.0',
      cmake: '3.99.0',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await build(copy)).toMatchObject({ code: 0, stdout: first.stdout, stderr: '' });
    expect(builds()).toBe(1);
    expect(leftovers()).toEqual([]);
  });

  it('of the command, for the benchmark, lands beside the library and is not repeated', async () => {
    tools({ build: `echo "$@" >> ${folder}/targets; /bin/cp ${realLibrary} "$output/${commandFileName()}"` });
    const copy = copyPackage();
    const first = await build(copy, { args: ['--cli'] });
    expect(first).toMatchObject({ code: 0, stdout: `${join(copy, 'native', commandFileName())}\n` });
    expect(readdirSync(join(copy, 'native')).sort()).toEqual(['build-cli.json', commandFileName()].sort());
    expect(readFileSync(join(folder, 'targets'), 'utf8')).toContain('--target lightgbm ');
    expect(await build(copy, { args: ['--cli'] })).toMatchObject({
      code: 0,
      stdout: first.stdout,
      stderr: '',
    });
    expect(builds()).toBe(1);
    tools();
    expect(await build(copy)).toMatchObject({ code: 0, stdout: `${join(copy, 'native', library)}\n` });
    expect(builds()).toBe(2);
  });

  it('of an installed package lands in the cache of the user, and node_modules stays as it is', async () => {
    tools();
    const copy = copyPackage({ installed: true });
    const before = readdirSync(copy, { recursive: true }).sort();
    const { code, stdout } = await build(copy);
    const name = `${lightGBMVersion()}-${process.platform}-${process.arch}`;
    expect(code).toBe(0);
    expect(stdout.trim()).toBe(join(folder, 'cache', 'risk-scoring', 'lightgbm', name, library));
    expect(existsSync(stdout.trim())).toBe(true);
    expect(readdirSync(copy, { recursive: true }).sort()).toEqual(before);
  });

  it('is repeated where the library was changed or belongs to another version', async () => {
    tools();
    const copy = copyPackage();
    await build(copy);
    writeFileSync(join(copy, 'native', library), 'half a library');
    expect((await build(copy)).code).toBe(0);
    const note = join(copy, 'native', 'build.json');
    writeFileSync(note, readFileSync(note, 'utf8').replace(lightGBMVersion(), '3.0.0'));
    expect((await build(copy)).code).toBe(0);
    expect(builds()).toBe(3);
    expect(isTheLibrary(join(copy, 'native', library))).toBe(true);
  });

  it('that fails says why, and leaves nothing', async () => {
    tools({ build: "echo 'c_api.cpp: no such luck' >&2; exit 2" });
    const copy = copyPackage();
    const { code, stdout, stderr } = await build(copy);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('ended with code 2');
    expect(stderr).toContain('c_api.cpp: no such luck');
    expect(existsSync(join(copy, 'native'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it('whose library does not load leaves nothing either', async () => {
    tools({ build: `echo text > "$output/${library}"` });
    const copy = copyPackage();
    const { code, stderr } = await build(copy);
    expect(code).toBe(1);
    expect(stderr).toContain('is not a LightGBM library');
    expect(existsSync(join(copy, 'native'))).toBe(false);
  });

  it('at the same time as another gives one whole library', async () => {
    tools({ build: `/bin/sleep 0.3; /bin/cp ${realLibrary} "$output/${library}"` });
    const copy = copyPackage();
    const results = await Promise.all([build(copy), build(copy), build(copy)]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(readdirSync(join(copy, 'native')).sort()).toEqual(['build.json', library].sort());
    expect(isTheLibrary(join(copy, 'native', library))).toBe(true);
    expect(leftovers()).toEqual([]);
  });

  it('that is stopped ends its compilers and cleans up', async () => {
    tools({ build: `echo $$ > ${folder}/compiler; /bin/sleep 60` });
    const child = start(copyPackage());
    const finished = finish(child);
    while (!existsSync(join(folder, 'compiler'))) await sleep(20);
    await sleep(50);
    child.kill('SIGTERM');
    expect((await finished).code).toBe(143);
    expect(leftovers()).toEqual([]);
    expect(isRunning(Number(readFileSync(join(folder, 'compiler'), 'utf8')))).toBe(false);
  });
});

describe('missing tools', () => {
  it.runIf(isRoot && isDebian)('are named with the command that installs them, in one error', async () => {
    const { code, stdout, stderr } = await build(copyPackage(), { uid: 65534 });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('cmake, make and a C++ compiler are missing');
    expect(stderr).toContain(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends cmake make g++',
    );
    expect(stderr).not.toContain('    at ');
  });

  it.runIf(isRoot && isDebian)('are installed by root on Debian', async () => {
    tools();
    cpSync(join(folder, 'bin'), join(folder, 'packages'), { recursive: true });
    for (const name of ['cmake', 'make', 'c++', 'cc']) rmSync(join(folder, 'bin', name));
    const log = join(folder, 'apt');
    tool(
      'apt-get',
      `echo "$@" >> ${log}; if [ "$1" = install ]; then /bin/cp ${folder}/packages/* ${folder}/bin/; fi`,
    );
    const { code, stderr } = await build(copyPackage());
    expect(code).toBe(0);
    expect(stderr).toContain('Installing cmake, make and g++ with apt-get');
    expect(readFileSync(log, 'utf8')).toBe('update\ninstall -y --no-install-recommends cmake make g++\n');
  });
});

describe('LIGHTGBM_LIBRARY', () => {
  it('that loads leaves nothing to build', async () => {
    const { code, stdout } = await build(copyPackage(), { env: { LIGHTGBM_LIBRARY: realLibrary } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${realLibrary}\n` });
    expect(builds()).toBe(0);
  });

  it('must be there and be a library', async () => {
    const copy = copyPackage();
    const gone = await build(copy, { env: { LIGHTGBM_LIBRARY: join(folder, 'gone.so') } });
    const text = await build(copy, { env: { LIGHTGBM_LIBRARY: join(copy, 'package.json') } });
    expect([gone.code, text.code]).toEqual([1, 1]);
    expect(gone.stderr).toContain('where there is no file');
    expect(text.stderr).toContain('is not a LightGBM library');
  });
});
