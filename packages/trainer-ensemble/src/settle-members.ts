import {
  assertSpecificationVersion,
  InvalidInputError,
  MODEL_TYPES,
  type ModelTrainer,
  type ModelType,
} from '@risk-scoring/contract';
import type { EnsembleMember } from './options.ts';

/** A member with its defaults filled in. */
export interface SettledMember {
  /** Unique within the ensemble. */
  readonly name: string;
  readonly trainer: ModelTrainer;
  readonly weight: number;
}

/**
 * Fills in weights and names.
 *
 * @throws {InvalidInputError} where there is no member, a weight is not above 0 and finite, a name is empty or two members have it
 * @throws {UnsupportedSpecificationError} for a trainer that was written for another contract
 */
export function settleMembers(members: readonly EnsembleMember[]): readonly SettledMember[] {
  if (!Array.isArray(members) || members.length === 0) {
    throw new InvalidInputError({
      what: 'The list of members',
      expected: 'at least one trainer',
      found: 'none',
    });
  }
  for (const { trainer } of members) assertSpecificationVersion(trainer, 'ModelTrainer');
  const names = nameMembers(members);
  return members.map(({ trainer, weight = 1 }, i) => {
    if (!(Number.isFinite(weight) && weight > 0)) {
      throw new InvalidInputError({
        what: `The weight of the member '${names[i]}'`,
        expected: 'a finite number above 0',
        found: weight,
        remedy: 'leave a member out that is to have no say',
      });
    }
    return { name: names[i], trainer, weight };
  });
}

/**
 * What all members can be trained for, as far as one ensemble can be: a ranker is none of the others.
 *
 * @param wanted the caller's choice; else what the members have in common, scorers before rankers
 * @throws {InvalidInputError} where they have nothing, or not the wanted type, in common
 */
export function commonModelTypes(
  members: readonly SettledMember[],
  wanted: ModelType | undefined,
): readonly ModelType[] {
  if (wanted !== undefined && !MODEL_TYPES.includes(wanted)) {
    throw new InvalidInputError({
      what: 'The model type',
      expected: `one of ${MODEL_TYPES.join(', ')}`,
      found: wanted,
    });
  }
  const common = MODEL_TYPES.filter((type) =>
    members.every(({ trainer }) => trainer.modelTypes.includes(type)),
  );
  if (common.length === 0 || (wanted !== undefined && !common.includes(wanted))) {
    throw new InvalidInputError({
      what: 'This choice of members',
      expected: `trainers that can all be trained for ${wanted ?? 'one model type'}`,
      found: members.map(({ name, trainer }) => `${name}: ${trainer.modelTypes.join(', ')}`).join('; '),
      remedy: 'combine scorers with scorers and rankers with rankers; a trainer is told by its modelType',
    });
  }
  const scorers = common.filter((type) => type !== 'alert_ranker');
  if (wanted === undefined) return scorers.length > 0 ? scorers : common;
  return wanted === 'alert_ranker' ? [wanted] : scorers;
}

function nameMembers(members: readonly EnsembleMember[]): readonly string[] {
  const taken = new Set<string>();
  for (const { name } of members) {
    if (name === undefined) continue;
    if (typeof name !== 'string' || name.trim() === '' || taken.has(name)) {
      throw new InvalidInputError({
        what: 'The name of a member',
        expected: 'a text that no other member is named by',
        found: taken.has(name) ? `'${name}' twice` : name,
      });
    }
    taken.add(name);
  }
  return members.map(({ name, trainer }) => {
    if (name !== undefined) return name;
    let free = trainer.name;
    for (let number = 2; taken.has(free); number++) free = `${trainer.name}-${number}`;
    taken.add(free);
    return free;
  });
}
