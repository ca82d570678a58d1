import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { createMedianPruner } from '../pruning/median-pruner.ts';
import { createTpeSampler } from '../samplers/tpe-sampler.ts';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import type { Parameters } from '../space/search-space.ts';
import type { TrialContext } from '../study/run-trial.ts';
import type { StudySettings } from '../study/settings.ts';
import type { TrialRecord } from '../trial.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const space = parseSearchSpace({
  rate: { type: 'float', low: 1e-3, high: 1, log: true },
  leaves: { type: 'int', low: 4, high: 64 },
  kind: ['a', 'b', 'c'],
});
export const sampler = createTpeSampler(space, { seed: 9, direction: 'minimize', startupTrials: 5 });
export const pruner = createMedianPruner({ direction: 'minimize', startupTrials: 3 });
export const settings: StudySettings = {
  objective: 'loss',
  direction: 'minimize',
  space,
  sampler: sampler.settings,
  pruner: pruner.settings,
  seed: 9,
  fingerprint: { data: 'abc', folds: 3 },
};

/** A loss of three steps; some parameters fail. Pure, so that equal parameters give equal scores. */
export function evaluate(parameters: Parameters, { step }: Pick<TrialContext, 'step'>): number {
  const loss = lossOf(parameters);
  if (parameters.kind === 'c' && Number(parameters.leaves) % 3 === 0) {
    throw new InvalidInputError({ what: 'The kind c', expected: 'other leaves', found: parameters.leaves });
  }
  for (let fold = 0; fold < 3; fold++) step(loss + 0.01 * fold);
  return loss + 0.01;
}

function lossOf({ rate, leaves, kind }: Parameters): number {
  return (Math.log10(Number(rate)) + 2) ** 2 + (Number(leaves) / 30 - 1) ** 2 + (kind === 'b' ? 0 : 0.5);
}

/** A path for a study in a folder of its own. */
export async function studyPath(): Promise<string> {
  return path.join(await temporaryFolder(), 'study.jsonl');
}

/** Trials without what differs between runs. */
export function withoutSeconds(trials: readonly TrialRecord[]): unknown[] {
  return trials.map(({ seconds: _, ...rest }) => rest);
}
