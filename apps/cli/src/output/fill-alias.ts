import { nextCommand } from './next-command.ts';

/**
 * How an alias gets a model that stands for none, or for one that is gone.
 *
 * @example
 * fillAlias({ alias: 'champion', type: 'alert_scorer' }, { network: 'simnet' });
 * // 'promote another model with: npx risk-scoring models promote … MODEL …, or, where it stood for another one before, go back with: …'
 */
export function fillAlias(
  { alias, type }: { readonly alias: string; readonly type: string },
  options: { readonly network: string; readonly dataDir?: string; readonly config?: string },
): string {
  const on = ['--network', options.network, '--model-type', type];
  const promote = nextCommand(['models', 'promote', 'MODEL', '--alias', alias, ...on], options);
  const rollback = nextCommand(['models', 'rollback', alias, ...on], options);
  return `promote another model with: ${promote}, or, where it stood for another one before, go back with: ${rollback}`;
}
