import { existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { packageRoot } from '../scripts/library-paths.mjs';
import { missingToolsMessage } from '../scripts/toolchain.mjs';

/** What a build of the native library needs on this machine. */
export interface BuildTools {
  readonly found: readonly string[];
  readonly missing: readonly string[];
  /** What installs the missing ones on this system, one command a line; empty where none is missing. */
  readonly install: string;
  /** The command that builds the library once the tools are there. */
  readonly build: string;
}

/** Any one of the commands will do. Visual Studio is not on the PATH, so Windows is asked for cmake alone. */
const tools: readonly (readonly [name: string, commands: readonly string[]])[] = [
  ['cmake', ['cmake']],
  ...(process.platform === 'win32'
    ? []
    : [
        ['make', ['make', 'ninja']] as const,
        ['a C++ compiler', ['c++', 'g++', 'clang++']] as const,
        ['a C compiler', ['cc', 'gcc', 'clang']] as const,
      ]),
];

/**
 * Looks for the tools that build the native library on the PATH, as the build itself does. Nothing is run.
 *
 * @example
 * const { missing, install, build } = describeBuildTools();
 * console.log(missing.length > 0 ? install : build);
 */
export function describeBuildTools(env: NodeJS.ProcessEnv = process.env): BuildTools {
  const isThere = (commands: readonly string[]) => commands.some((command) => isOnPath(command, env));
  const found = tools.filter(([, commands]) => isThere(commands)).map(([name]) => name);
  const missing = tools.map(([name]) => name).filter((name) => !found.includes(name));
  return {
    found,
    missing,
    install: missing.length > 0 ? indentedLines(missingToolsMessage(missing)).join('\n') : '',
    build: packageRoot.split(sep).includes('node_modules')
      ? 'npx risk-scoring-lightgbm-build'
      : 'npm run setup',
  };
}

function isOnPath(command: string, env: NodeJS.ProcessEnv): boolean {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) =>
    extensions.some((extension) => existsSync(join(folder, command + extension))),
  );
}

function indentedLines(message: string): string[] {
  return message
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim());
}
