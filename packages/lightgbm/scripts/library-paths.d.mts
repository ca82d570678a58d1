/** The folder of this package. */
export const packageRoot: string;
/** File name of the library on a platform. */
export function libraryFileName(platform?: NodeJS.Platform): string;
/** File name of LightGBM's own command on a platform. */
export function commandFileName(platform?: NodeJS.Platform): string;
/** Folder of LightGBM's C++ sources in the npm package `lightgbm`; throws where that is not installed. */
export function sourceRoot(): string;
/** LightGBM's own version, such as `4.1.0.99`; throws where its sources are not installed. */
export function lightGBMVersion(): string;
/** Folder of the library inside this package: used in a checkout, never inside node_modules. */
export function packageNativeFolder(root?: string): string;
/** Folder of the library in the user's cache: used where the package is installed. */
export function userCacheFolder(
  version: string,
  machine?: { platform?: NodeJS.Platform; arch?: string; env?: NodeJS.ProcessEnv },
): string;
/** Where a build puts its library: node_modules belongs to the package manager and is never written to. */
export function buildFolder(version: string, root?: string): string;
