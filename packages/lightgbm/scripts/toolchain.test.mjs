import { describe, expect, it } from 'vitest';
import { fractionDone } from './compile.mjs';
import { libraryFileName, userCacheFolder } from './library-paths.mjs';
import { linuxFamily, missingToolsMessage } from './toolchain.mjs';

describe('missingToolsMessage', () => {
  it.each([
    ['debian', 'sudo apt-get update && sudo apt-get install -y --no-install-recommends cmake make g++'],
    ['fedora', 'sudo dnf install -y cmake make gcc-c++'],
    ['alpine', 'sudo apk add cmake make g++'],
    ['darwin', 'brew install cmake libomp'],
    ['win32', 'winget install Kitware.CMake'],
    ['linux', 'your package manager'],
  ])('has the commands for %s', (system, command) => {
    const message = missingToolsMessage(['cmake'], system);
    expect(message).toContain('cmake is missing');
    expect(message).toContain(command);
    expect(message).toContain('LIGHTGBM_LIBRARY');
  });
});

describe('linuxFamily', () => {
  it.each([
    ['NAME="Debian GNU/Linux"\nID=debian\n', 'debian'],
    ['ID=ubuntu\nID_LIKE=debian\n', 'debian'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['ID=fedora\n', 'fedora'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
    ['ID=alpine\n', 'alpine'],
    ['ID=arch\n', 'linux'],
    ['', 'linux'],
  ])('of %j is %s', (osRelease, family) => {
    expect(linuxFamily(osRelease)).toBe(family);
  });
});

describe('fractionDone', () => {
  it.each([
    ['[ 42%] Building CXX object', 0.42],
    ['[100%] Built target _lightgbm', 1],
    ['[10/40] Building CXX object', 0.25],
    ['note: [ 5%] in a text', undefined],
  ])('of %j is %s', (line, fraction) => {
    expect(fractionDone(line)).toBe(fraction);
  });
});

describe('userCacheFolder', () => {
  it.each([
    ['linux', { XDG_CACHE_HOME: '/cache' }, /^\/cache\/risk-scoring\/lightgbm\/1\.2-linux-x64$/],
    ['linux', {}, /\/\.cache\/risk-scoring\/lightgbm\/1\.2-linux-x64$/],
    ['darwin', {}, /\/Library\/Caches\/risk-scoring\/lightgbm\/1\.2-darwin-x64$/],
    ['win32', { LOCALAPPDATA: '/local' }, /^\/local\/risk-scoring\/lightgbm\/1\.2-win32-x64$/],
  ])('on %s with %o', (platform, env, path) => {
    expect(userCacheFolder('1.2', { platform, arch: 'x64', env }).replaceAll('\\', '/')).toMatch(path);
  });
});

describe('libraryFileName', () => {
  it.each([
    ['linux', 'lib_lightgbm.so'],
    ['darwin', 'lib_lightgbm.dylib'],
    ['win32', 'lib_lightgbm.dll'],
  ])('on %s is %s', (platform, name) => {
    expect(libraryFileName(platform)).toBe(name);
  });
});
