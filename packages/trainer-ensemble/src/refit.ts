import { InvalidInputError, type ModelDescription } from '@risk-scoring/contract';
import type { SettledOptions } from './options.ts';
import type { LogisticFit } from './stacking/fit-logistic.ts';

/** What a description of an ensemble holds for a refit. */
export interface RefitPlan {
  /** One per member, in their order. */
  readonly members: readonly ModelDescription[];
  /** Of stacking; undefined of an average. */
  readonly stacked: LogisticFit | undefined;
}

/**
 * Reads what an earlier model of the same ensemble says of itself: its members, and the coefficients that they keep.
 *
 * @throws {InvalidInputError} where it is of another method or other members
 */
export function refitPlan(
  description: ModelDescription,
  { members, stacking }: Pick<SettledOptions, 'members' | 'stacking'>,
): RefitPlan {
  const { method, members: described, intercept, coefficients } = description.hyperparameters;
  const names = Array.isArray(described) ? described.map((member) => String(member?.name)) : [];
  const expected = members.map(({ name }) => name);
  const own = stacking === undefined ? 'average' : 'stacking';
  if (method !== own || names.join('\n') !== expected.join('\n')) {
    refuse(
      `method '${own}' of ${expected.join(', ')}`,
      `method '${method}' of ${names.join(', ') || 'none'}`,
    );
  }
  if (description.members?.length !== members.length) {
    refuse(`descriptions of ${members.length} members`, `${description.members?.length ?? 0} of them`);
  }
  const found = description.members ?? [];
  if (stacking === undefined) return { members: found, stacked: undefined };
  const numbers = Array.isArray(coefficients) ? coefficients.filter((value) => Number.isFinite(value)) : [];
  if (typeof intercept !== 'number' || numbers.length !== members.length)
    return refuse('an intercept and a coefficient for each member', 'others');
  return { members: found, stacked: { intercept, coefficients: numbers } };
}

function refuse(expected: string, found: string): never {
  throw new InvalidInputError({
    what: 'The model to be refitted',
    expected: `a description by this ensemble: ${expected}`,
    found,
  });
}
