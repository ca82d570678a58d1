// The library and its build.json appear whole or not at all.
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
import { libraryFileName } from './library-paths.mjs';

/** Whether `folder` holds the library of this version for this machine, untouched since it was built. */
export function isInstalled(folder, version) {
  const library = join(folder, libraryFileName());
  const note = join(folder, 'build.json');
  if (!existsSync(library) || !existsSync(note)) return false;
  const build = readNote(note);
  return (
    build?.lightgbm === version &&
    build.platform === process.platform &&
    build.arch === process.arch &&
    build.sha256 === sha256(library)
  );
}

/** Copies the library next to its place and renames it into it; the same for build.json. Returns the path. */
export function install(built, folder, { version, toolchain }) {
  mkdirSync(folder, { recursive: true });
  const name = libraryFileName();
  const note = {
    lightgbm: version,
    platform: process.platform,
    arch: process.arch,
    compiler: toolchain.compiler,
    cmake: toolchain.cmake,
    library: name,
    sha256: sha256(built),
  };
  placeWhole(join(folder, name), (path) => copyFileSync(built, path));
  placeWhole(join(folder, 'build.json'), (path) =>
    writeFileSync(path, `${JSON.stringify(note, undefined, 2)}\n`),
  );
  return join(folder, name);
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
