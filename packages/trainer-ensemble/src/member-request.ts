import { createRandom, type PreparedData, type TrainRequest } from '@risk-scoring/contract';
import type { SettledMember } from './settle-members.ts';

/** What a member is trained on, where it is not what the ensemble is trained on. */
export interface MemberLesson
  extends Pick<TrainRequest, 'trainRows' | 'validationRows' | 'refitOf' | 'onProgress'> {
  /** Names the training: each has random numbers of its own. */
  readonly stream: string;
  readonly prepared: PreparedData | undefined;
}

/**
 * The request for one member: that of the ensemble with the member's own rows, seed and prepared data, and with counter-weights only where it takes them.
 *
 * @example
 * memberRequest(request, member, { trainRows, validationRows, stream: 'member 0', prepared: undefined });
 */
export function memberRequest(
  request: TrainRequest,
  { trainer }: SettledMember,
  { stream, prepared, ...lesson }: MemberLesson,
): TrainRequest {
  const { prepared: _, refitOf: __, onProgress: ___, counterWeights, ...shared } = request;
  return {
    ...shared,
    ...lesson,
    ...(prepared === undefined ? {} : { prepared }),
    ...(counterWeights !== undefined && trainer.takesCounterWeights === true ? { counterWeights } : {}),
    seed: createRandom(request.seed, stream).integer(2 ** 31),
  };
}
