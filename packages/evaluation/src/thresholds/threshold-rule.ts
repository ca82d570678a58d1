import { InvalidInputError } from '@risk-scoring/contract';

/**
 * What a threshold is to achieve.
 *
 * - `f1`: the highest F1
 * - `precision`: the highest recall with a precision of at least `atLeast`
 * - `recall`: the highest precision with a recall of at least `atLeast`
 * - `budget`: as many alerts as `alertsPerDay` allows, on average over snapshots
 */
export type ThresholdRule =
  | { readonly by: 'f1' }
  | { readonly by: 'precision'; readonly atLeast: number }
  | { readonly by: 'recall'; readonly atLeast: number }
  | { readonly by: 'budget'; readonly alertsPerDay: number };

const expected =
  "'f1', 'precision:0.9', 'recall:0.8' (above 0, at most 1) or 'budget:50' (alerts per day, above 0)";

/**
 * Reads a rule as people write it: `f1`, `precision:0.9`, `recall:0.8`, `budget:50`.
 *
 * @throws {InvalidInputError} on anything else
 * @example
 * parseThresholdRule('precision:0.9'); // { by: 'precision', atLeast: 0.9 }
 */
export function parseThresholdRule(text: string): ThresholdRule {
  const [, by, figure] = /^([a-z0-9]+)(?::(\d+(?:\.\d+)?|\.\d+))?$/.exec(text.trim()) ?? [];
  const rule = ruleOf(by, figure === undefined ? undefined : Number(figure));
  if (rule !== undefined && isUsable(rule)) return rule;
  throw new InvalidInputError({ what: 'The threshold rule', expected, found: text });
}

/** @throws {InvalidInputError} on a share outside 0..1 or a budget that is none */
export function checkThresholdRule(rule: ThresholdRule): void {
  if (isUsable(rule)) return;
  throw new InvalidInputError({ what: 'The threshold rule', expected, found: JSON.stringify(rule) });
}

function ruleOf(by: string | undefined, figure: number | undefined): ThresholdRule | undefined {
  if (figure === undefined) return by === 'f1' ? { by } : undefined;
  if (by === 'precision' || by === 'recall') return { by, atLeast: figure };
  return by === 'budget' ? { by, alertsPerDay: figure } : undefined;
}

function isUsable(rule: ThresholdRule): boolean {
  switch (rule.by) {
    case 'f1':
      return true;
    case 'precision':
    case 'recall':
      return rule.atLeast > 0 && rule.atLeast <= 1;
    case 'budget':
      return rule.alertsPerDay > 0 && rule.alertsPerDay < Infinity;
    default:
      return false;
  }
}
