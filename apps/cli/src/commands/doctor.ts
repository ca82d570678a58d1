import {
  type CheckStatus,
  environmentOf,
  inspectMachine,
  type MachineCheck,
  worstStatus,
} from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { configOf, configured } from '../config.ts';
import { common, someText } from '../options.ts';
import { EXIT_CODES } from '../output/exit-codes.ts';
import { table } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run.ts';

interface DoctorOptions {
  readonly network?: string;
  readonly dataDir?: string;
  readonly outputDir?: string;
  readonly config?: string;
  readonly json: boolean;
}

const marks: Readonly<Record<CheckStatus, string>> = { ok: 'ok', warning: '!', missing: '✗' };

/** `risk-scoring doctor`: says whether this machine has what the product needs. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this machine: Node, memory, disk, ClickHouse, native libraries, settings')
    .option('--network <name>', 'check the database of this network, too')
    .addOption(common.dataDir())
    .addOption(
      configured('--output-dir <folder>', 'where models are saved', 'training.output_dir').argParser(
        someText,
      ),
    )
    .addOption(common.config())
    .addOption(common.json())
    .action((options: DoctorOptions) => runCommand(options, (context) => doctor(options, context)));
}

async function doctor(options: DoctorOptions, { signal, progress }: CommandContext): Promise<string> {
  const { network, dataDir, outputDir, json } = options;
  const config = await configOf(options);
  const checks = await inspectMachine({
    ...(network === undefined ? {} : { network }),
    ...(dataDir === undefined ? {} : { dataDir }),
    modelsDir: outputDir ?? config.training.outputDir,
    env: environmentOf(config, process.env),
    signal,
    onProgress: (update) => progress.update({ stage: 'checking', ...update }),
  });
  const status = worstStatus(checks);
  if (status === 'missing') process.exitCode = EXIT_CODES.environment;
  return json ? JSON.stringify({ status, checks }, null, 2) : showChecks(checks);
}

function showChecks(checks: readonly MachineCheck[]): string {
  const rows = checks.map(({ status, name, found }) => [marks[status], name, found]);
  const problems = checks.filter(({ status }) => status !== 'ok');
  return [
    table([['', 'check', 'found'], ...rows]),
    '',
    ...summary(checks),
    ...problems.map(showProblem),
  ].join('\n');
}

function summary(checks: readonly MachineCheck[]): string[] {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const [missing, warnings] = [count('missing'), count('warning')];
  if (missing + warnings === 0) return ['Everything is there.'];
  return [`${missing} missing, ${warnings} warning${warnings === 1 ? '' : 's'}.`];
}

function showProblem({ status, name, expected, remedy }: MachineCheck): string {
  const lines: [string, string | undefined][] = [
    ['expected:', expected],
    ['to do:', remedy?.replaceAll('\n', `\n${' '.repeat(12)}`)],
  ];
  const shown = lines.filter(([, text]) => text).map(([label, text]) => `  ${label.padEnd(10)}${text}`);
  return ['', `${marks[status]} ${name}`, ...shown].join('\n');
}
