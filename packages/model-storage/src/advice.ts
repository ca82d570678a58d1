import { type ModelType, shellCommand } from '@risk-scoring/contract';

/**
 * A command of `risk-scoring models` to advise, as a shell takes it. The network comes right after the subcommand: whoever shows it may add there
 * which database is meant.
 *
 * @param args what follows; quoted where it needs be
 * @example
 * modelsCommand('register', 'simnet', 'my models/m.json'); // "npx risk-scoring models register --network simnet 'my models/m.json'"
 */
export function modelsCommand(subcommand: string, network: string, ...args: readonly string[]): string {
  return shellCommand(['npx', 'risk-scoring', 'models', subcommand, '--network', network, ...args]);
}

/**
 * The command that lets an alias stand for another model, with `MODEL` where the user has to say which.
 *
 * @example
 * promoteCommand('simnet', 'champion', 'alert_scorer');
 * // 'npx risk-scoring models promote --network simnet MODEL --alias champion --model-type alert_scorer'
 */
export function promoteCommand(network: string, alias: string, modelType: ModelType): string {
  return modelsCommand('promote', network, 'MODEL', '--alias', alias, '--model-type', modelType);
}
