import { AVAILABLE, type OpenPeriod, type TrainingFlags } from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { configured } from '../../config.ts';
import { common, several, someText, wholeNumber } from '../../options.ts';

/** What every command about labels takes. */
export interface LabelsOptions {
  readonly network: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** A period whose ends may be left open. */
export interface PeriodOptions {
  readonly startDate?: string;
  readonly endDate?: string;
  readonly windowDays: number;
}

/** A label strategy, as `train` takes it. */
export type StrategyOptions = Pick<TrainingFlags, 'labelStrategy' | 'labelSetting' | 'seed'>;

/** Adds a command with the options that all of them take; `own` adds those of this one, which come first. */
export function labelsCommand(
  parent: Command,
  name: string,
  { description, own }: { readonly description: string; readonly own: (command: Command) => Command },
): Command {
  return own(parent.command(name).description(description).addOption(common.network()))
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json());
}

/** Adds a period whose ends may be left open. */
export function withPeriod(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--start-date <date>',
        'first processing date, YYYY-MM-DD (default: the first snapshot)',
      ).argParser(someText),
    )
    .addOption(
      new Option(
        '--end-date <date>',
        'last processing date, YYYY-MM-DD (default: the last snapshot)',
      ).argParser(someText),
    )
    .addOption(common.windowDays());
}

/** Adds the choice of a label strategy. */
export function withStrategy(command: Command): Command {
  const strategies = `${AVAILABLE.labelStrategies.join(', ')}, ./file.js or a package`;
  return command
    .addOption(
      configured(
        '--label-strategy <name>',
        `how alerts are labelled: ${strategies}`,
        'training.label_strategy',
      ).argParser(someText),
    )
    .addOption(
      new Option(
        '--label-setting <key=value>',
        'a setting of the label strategy; may be given several times',
      ).argParser(several),
    )
    .addOption(
      configured('--seed <number>', 'seed of everything random', 'training.seed').argParser(wholeNumber(0)),
    );
}

/** Adds how a file without a column of labels, or one that is not filled in yet, is read. */
export function withFileReading(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--label <label>',
        'the label of all addresses, for a file without label and risk_level',
      ).choices(['0', '1']),
    )
    .option(
      '--skip-empty',
      'leave out rows of a CSV without a label, as a list that is not filled in has',
      false,
    );
}

/** The label that `--label` names. */
export function labelOf({ label }: { readonly label?: string }): 0 | 1 | undefined {
  return label === undefined ? undefined : label === '1' ? 1 : 0;
}

/** The period of the options. */
export function periodOf({ startDate, endDate, windowDays }: PeriodOptions): OpenPeriod {
  return { startDate, endDate, windowDays };
}
