import path from 'node:path';
import { shellCommand } from '@risk-scoring/contract';

/** What a command that scores is to say. */
export interface ScoreCommand {
  readonly network: string;
  /** `YYYY-MM-DD`, both inclusive. */
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
  /** A model id, or a metadata file. */
  readonly model: string;
  readonly explain?: boolean | undefined;
  readonly out?: { readonly file: string; readonly force: boolean } | undefined;
}

/**
 * The command that scores some snapshots, to be pasted into a shell. Where the data is it does not say.
 *
 * @example
 * scoreCommand({ network: 'simnet', startDate: '2025-01-06', endDate: '2025-01-06', windowDays: 30, model: 'champion' });
 * // 'npx risk-scoring score --network simnet --date 2025-01-06 --window-days 30 --model champion'
 */
export function scoreCommand(command: ScoreCommand): string {
  const { network, startDate, endDate, windowDays, model, explain, out } = command;
  return shellCommand([
    'npx',
    'risk-scoring',
    'score',
    '--network',
    network,
    ...(startDate === endDate ? ['--date', startDate] : ['--start-date', startDate, '--end-date', endDate]),
    '--window-days',
    `${windowDays}`,
    '--model',
    model.endsWith('.json') ? path.resolve(model) : model,
    ...(explain ? ['--explain'] : []),
    ...(out ? ['--out', out.file] : []),
    ...(out?.force ? ['--force'] : []),
  ]);
}
