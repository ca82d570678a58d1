// What was built and the note about it (build.json) appear whole or not at all.
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { commandFileName, libraryFileName } from './library-paths.mjs';

/** The shared library, which this package calls. */
export const LIBRARY = { target: '_lightgbm', file: libraryFileName(), note: 'build.json' };

/** LightGBM's own command, which only the benchmark runs. */
export const COMMAND = { target: 'lightgbm', file: commandFileName(), note: 'build-cli.json' };

/** Whether `folder` holds a product of this version for this machine, untouched since it was built. */
export function isInstalled(folder, version, product = LIBRARY) {
  const file = join(folder, product.file);
  const note = join(folder, product.note);
  if (!existsSync(file) || !existsSync(note)) return false;
  const build = readNote(note);
  return (
    build?.lightgbm === version &&
    build.platform === process.platform &&
    build.arch === process.arch &&
    build.sha256 === sha256(file)
  );
}

/** Copies a product next to its place and renames it into it; the same for its note. Returns the path. */
export function install(built, folder, { version, toolchain, product = LIBRARY }) {
  mkdirSync(folder, { recursive: true });
  const note = {
    lightgbm: version,
    platform: process.platform,
    arch: process.arch,
    compiler: toolchain.compiler,
    cmake: toolchain.cmake,
    library: product.file,
    sha256: sha256(built),
  };
  placeWhole(join(folder, product.file), (path) => copyFileSync(built, path));
  placeWhole(join(folder, product.note), (path) =>
    writeFileSync(path, `${JSON.stringify(note, undefined, 2)}\n`),
  );
  return join(folder, product.file);
}

function placeWhole(path, write) {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    write(aside);
    const file = openSync(aside, 'r+');
    fsyncSync(file);
    closeSync(file);
    renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

function readNote(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
