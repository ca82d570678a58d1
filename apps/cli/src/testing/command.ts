import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/risk-scoring.js', import.meta.url));

/** Options of `simulate`: four snapshots, weekly from 2025-01-06, of which the first three are enough to train on. */
export const fourSnapshots: readonly string[] = [
  '--snapshots',
  '4',
  '--alerts',
  '6000',
  '--first-date',
  '2025-01-06',
  '--step-days',
  '7',
];

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of this process without what says where ClickHouse is. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:CLICKHOUSE_|RISK_SCORING_|AWS_)/.test(name)),
  );
}

/** Runs the command as a shell would. */
export function start(args: readonly string[], options: SpawnOptions = {}) {
  const child = spawn(process.execPath, [bin, ...args], { env: plainEnvironment(), ...options });
  return { child, ended: ended(child) };
}

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** The commands that a text advises, as they stand there. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(/npx risk-scoring (?:'[^']*'|\\'|[^,;'\n])*/g)].map(([command]) =>
    command.replace(/ (?:says|which) .*$/, '').trim(),
  );
}

/** Runs a command that was advised as a shell does into which it is pasted. */
export function paste(command: string, options: SpawnOptions): Promise<Ended> {
  return ended(
    spawn('sh', ['-c', command.replace(/^npx risk-scoring/, `'${process.execPath}' '${bin}'`)], options),
  );
}
