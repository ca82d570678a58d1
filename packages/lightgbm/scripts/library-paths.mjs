// Where the native library may lie. The build and the run-time lookup both read it here,
// so that what one writes the other finds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** File name of the library on a platform. */
export function libraryFileName(platform = process.platform) {
  if (platform === 'win32') return 'lib_lightgbm.dll';
  return platform === 'darwin' ? 'lib_lightgbm.dylib' : 'lib_lightgbm.so';
}

/** File name of LightGBM's own command on a platform. */
export function commandFileName(platform = process.platform) {
  return platform === 'win32' ? 'lightgbm.exe' : 'lightgbm';
}

/** Folder of LightGBM's C++ sources in the npm package `lightgbm`; throws where that is not installed. */
export function sourceRoot() {
  const manifest = createRequire(import.meta.url).resolve('lightgbm/package.json');
  return join(dirname(manifest), 'dependencies', 'LightGBM');
}

/** LightGBM's own version, such as `4.1.0.99`; throws where its sources are not installed. */
export function lightGBMVersion() {
  return readFileSync(join(sourceRoot(), 'VERSION.txt'), 'utf8').trim();
}

/** Folder of the library inside this package: used in a checkout, never inside node_modules. */
export function packageNativeFolder(root = packageRoot) {
  return join(root, 'native');
}

/** Folder of the library in the user's cache: used where the package is installed. */
export function userCacheFolder(
  version,
  { platform = process.platform, arch = process.arch, env = process.env } = {},
) {
  return join(cacheRoot(platform, env), 'risk-scoring', 'lightgbm', `${version}-${platform}-${arch}`);
}

/** Where a build puts its library: node_modules belongs to the package manager and is never written to. */
export function buildFolder(version, root = packageRoot) {
  return root.split(sep).includes('node_modules') ? userCacheFolder(version) : packageNativeFolder(root);
}

function cacheRoot(platform, env) {
  if (platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}
