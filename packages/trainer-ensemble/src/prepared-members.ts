import { type FeatureMatrix, InvalidInputError, type PreparedData } from '@risk-scoring/contract';
import { disposeAfterFailure, disposeAll, once } from './dispose-all.ts';
import type { SettledMember } from './settle-members.ts';

/** Prepared data of all members, behind the handle that a caller holds. */
export interface PreparedMembers {
  readonly data: FeatureMatrix;
  /** One entry per member: undefined for those that prepare nothing. */
  readonly parts: readonly (PreparedData | undefined)[];
  readonly handle: PreparedData;
}

/**
 * Prepares each member that can, one after the other. Where one fails, those before it are disposed of.
 *
 * @param rows rows of the matrix, none of them held out
 */
export async function prepareMembers(
  members: readonly SettledMember[],
  data: FeatureMatrix,
  rows: Int32Array,
): Promise<PreparedMembers> {
  const parts: (PreparedData | undefined)[] = [];
  try {
    for (const { trainer } of members) parts.push(await trainer.prepare?.(data, rows));
  } catch (error) {
    await disposeAfterFailure(parts);
    throw error;
  }
  return { data, parts, handle: { dispose: once(() => disposeAll(parts)) } };
}

/**
 * Refuses prepared data that is not for this matrix.
 *
 * @throws {InvalidInputError} where it is another trainer's or another matrix's
 */
export function assertPrepared(
  found: PreparedMembers | undefined,
  data: FeatureMatrix,
): asserts found is PreparedMembers {
  if (found !== undefined && found.data === data) return;
  throw new InvalidInputError({
    what: 'The prepared data',
    expected: 'what prepare() of this ensemble returned for the same matrix',
    found: found === undefined ? "another trainer's" : "another matrix's",
  });
}
