import { type LabelStatistics, labelStatistics, trainingOf } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { configOf } from '../../config.ts';
import { count, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../../run.ts';
import {
  type LabelsOptions,
  labelsCommand,
  type PeriodOptions,
  periodOf,
  type StrategyOptions,
  withPeriod,
  withStrategy,
} from './options.ts';
import { showGroups, showShares } from './show-counts.ts';

type StatsOptions = LabelsOptions & PeriodOptions & StrategyOptions;

/** `risk-scoring labels stats`: what a label strategy makes of a period. */
export function addStats(labels: Command): void {
  labelsCommand(labels, 'stats', {
    description: 'count what a label strategy makes of the alerts of a period',
    own: (command) => withStrategy(withPeriod(command)),
  }).action((options: StatsOptions) => runCommand(options, (context) => run(options, context)));
}

async function run(options: StatsOptions, context: CommandContext): Promise<string> {
  const { signal, progress } = context;
  const config = await configOf(options);
  const { labelStrategy, seed } = await trainingOf(config, {
    flags: flagsOf(options),
    folder: process.cwd(),
  });
  const statistics = await withConfiguredDatabase(config, options, {
    context,
    work: (database) =>
      labelStatistics(database, {
        period: periodOf(options),
        labelStrategy,
        seed,
        signal,
        onProgress: (update) => progress.update(update),
      }),
  });
  return options.json ? JSON.stringify(statistics, null, 2) : show(statistics);
}

/** Of the options those that a training takes. */
function flagsOf({ labelStrategy, labelSetting, seed }: StatsOptions): StrategyOptions {
  return { labelStrategy, labelSetting, seed };
}

function show({ strategy, period, counts, report }: LabelStatistics): string {
  const { kinds, sources } = counts;
  return [
    `Labels of the strategy ${strategy.name}, ${period.startDate} to ${period.endDate}, window ${period.windowDays}`,
    ...showShares(counts),
    ...(Object.keys(sources).length > 0 ? ['', showGroups('source', sources)] : []),
    ...(Object.keys(kinds).length > 1
      ? ['', table([['kind', 'alerts'], ...Object.entries(kinds).map(([kind, n]) => [kind, count(n)])])]
      : []),
    '',
    showGroups('snapshot', counts.snapshots),
    '',
    showGroups('typology', counts.typologies),
    ...(counts.alerts.labelled > 0 ? ['', showWeights(counts.weights)] : []),
    ...(Object.keys(report).length > 0
      ? ['', 'What the strategy says of its work:', ...showReport(report)]
      : []),
  ].join('\n');
}

/** As wide as the longest bar may be. */
const WIDEST = 40;

function showWeights(weights: readonly number[]): string {
  const most = Math.max(...weights, 1);
  return table([
    ['confidence', 'alerts', ''],
    ...weights.map((n, step) => [
      `${(step / 10).toFixed(1)} to ${((step + 1) / 10).toFixed(1)}`,
      count(n),
      '█'.repeat(Math.ceil((n / most) * WIDEST)),
    ]),
  ]);
}

function showReport(report: LabelStatistics['report'], indent = '  '): string[] {
  return Object.entries(report).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const inner = showReport(value as LabelStatistics['report'], `${indent}  `);
      return inner.length === 0 ? [] : [`${indent}${name}:`, ...inner];
    }
    const text =
      typeof value === 'number' ? count(value) : typeof value === 'string' ? value : JSON.stringify(value);
    return [`${indent}${name}: ${text}`];
  });
}
