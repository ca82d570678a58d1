import type { Command } from 'commander';
import { common, share, wholeNumber } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { count } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run.ts';

interface SimulateOptions {
  readonly out: string;
  readonly network: string;
  readonly seed: number;
  readonly snapshots: number;
  readonly alerts: number;
  readonly firstDate?: string;
  readonly stepDays?: number;
  readonly windowDays: number;
  readonly labelledShare?: number;
  readonly json: boolean;
}

/** `risk-scoring simulate`: writes made-up snapshots to try things on. */
export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('write simulated SOT snapshots, to try things without real data')
    .requiredOption('--out <folder>', 'where the snapshot folders go')
    .option('--network <name>', 'network that the snapshots claim to be of', 'simnet')
    .option('--seed <number>', 'seed: the same seed writes the same bytes', wholeNumber(0), 1)
    .option('--snapshots <count>', 'number of snapshots', wholeNumber(1), 6)
    .option('--alerts <count>', 'alerts in all of them together', wholeNumber(1), 20_000)
    .option('--first-date <date>', 'processing date of the first snapshot, YYYY-MM-DD')
    .option('--step-days <days>', 'days from one snapshot to the next', wholeNumber(1))
    .addOption(common.windowDays())
    .option('--labelled-share <share>', 'share of the alerts that get a label', share)
    .addOption(common.json())
    .action((options: SimulateOptions) => runCommand(options, (context) => simulate(options, context)));
}

async function simulate(options: SimulateOptions, { signal, progress }: CommandContext): Promise<string> {
  const { simulateSnapshots } = await import('@risk-scoring/simulator');
  const { out, json, ...settings } = options;
  let done = 0;
  const summary = await simulateSnapshots({
    ...settings,
    outputDir: out,
    signal,
    onSnapshot: ({ processingDate }) => {
      done += 1;
      progress.update({ stage: 'simulating', done, total: options.snapshots, detail: processingDate });
    },
  });
  if (json) return JSON.stringify(summary, null, 2);
  return [
    `Wrote ${summary.snapshots.length} snapshots with ${count(summary.alerts)} alerts to ${out}.`,
    `Next: ${nextCommand(['init', '--network', options.network])}`,
  ].join('\n');
}
