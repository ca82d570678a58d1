import { UnconvertibleParametersError } from '@risk-scoring/onnx';
import type { XGBoostParameterValue } from './known-parameters.ts';
import type { Kind } from './options.ts';

/** The objectives of each kind of model, all of which give one score per row. */
export const OBJECTIVES: Readonly<Record<Kind, readonly string[]>> = {
  scorer: ['binary:logistic', 'reg:logistic'],
  ranker: ['rank:ndcg', 'rank:pairwise', 'rank:map'],
};

/**
 * Refuses parameters whose model would have no ONNX twin: before the training, when it costs nothing.
 *
 * @throws {UnconvertibleParametersError} naming each of them
 */
export function assertConvertible(
  kind: Kind,
  parameters: Readonly<Record<string, XGBoostParameterValue>>,
): void {
  const allowed: Readonly<Record<string, readonly [values: readonly string[], reason: string]>> = {
    objective: [OBJECTIVES[kind], `they are the objectives of a ${kind} that can be converted`],
    booster: [['gbtree'], 'the others are no plain sum of trees'],
    process_type: [['default'], 'trees are grown here, not refreshed'],
    num_class: [['0', '1'], 'a model has one score per row'],
  };
  const wrong = Object.entries(allowed).filter(
    ([name, [values]]) => parameters[name] !== undefined && !values.includes(String(parameters[name])),
  );
  if (wrong.length === 0) return;
  throw new UnconvertibleParametersError({
    parameters: wrong.map(([name]) => name),
    expected: wrong
      .map(([name, [values, reason]]) => `${name} ${values.join(' or ')}, for ${reason}`)
      .join('; '),
    found: wrong.map(([name]) => `${name} = ${JSON.stringify(parameters[name])}`).join(', '),
  });
}
