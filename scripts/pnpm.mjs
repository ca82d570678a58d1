// How the scripts call their tools: the pinned package manager, and the tools that it installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** `pnpm@10.34.9`, as package.json pins it. */
export const packageManager = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
).packageManager;

/** The environment of every child: the installed tools first on the path, no telemetry, no colour codes in logs. */
export const toolEnvironment = {
  ...process.env,
  PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** Runs a command in the root folder, its output passing through, and says how it ended. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: toolEnvironment,
    shell: process.platform === 'win32',
    ...options,
  });
  if (done.error) {
    console.error(`error: ${command} could not be started: ${done.error.message}`);
    process.exit(1);
  }
  return done;
}

/** Like {@link run}, but a failure ends this process with the command's exit code. */
export function runOrExit(command, args, options) {
  const { status, signal } = run(command, args, options);
  if (status !== 0) process.exit(signal === 'SIGINT' ? 130 : (status ?? 1));
}
