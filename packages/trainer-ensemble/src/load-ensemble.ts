import { type ModelArtifact, nativeArtifact, type TrainedModel } from '@risk-scoring/contract';
import { disposeAfterFailure } from './dispose-all.ts';
import { createEnsembleModel } from './ensemble-model.ts';
import { EnsembleModelError } from './errors.ts';
import { readEnsemble, type SavedMember } from './file/ensemble-file.ts';
import type { EnsemblePart } from './member-artifacts.ts';
import type { SettledMember } from './settle-members.ts';

/**
 * The model of an `.ensemble` file, each member loaded by the trainer of its name. How they are combined is the file's to say.
 *
 * @throws {RiskScoringError} `MODEL_ARTIFACT_MISSING` where there is no native file
 * @throws {EnsembleModelError} where the file is not whole, or the members at hand are others than its own
 */
export async function loadEnsemble(
  artifacts: readonly ModelArtifact[],
  members: readonly SettledMember[],
): Promise<TrainedModel> {
  const saved = readEnsemble(nativeArtifact(artifacts, 'the .ensemble file').bytes);
  const trainers = saved.members.map((member) => trainerOf(member, members));
  if (saved.members.length !== members.length) {
    throw otherMembers(
      listed(saved.members.map(({ name }) => name)),
      listed(members.map(({ name }) => name)),
    );
  }
  const loaded: EnsemblePart[] = [];
  try {
    for (const [i, { name, artifacts }] of saved.members.entries()) {
      const trainer = trainers[i];
      loaded.push({ name, trainer, model: await trainer.load(artifacts) });
    }
    const { combine, hyperparameters, featureNames } = saved;
    return createEnsembleModel({ members: loaded, combine, hyperparameters, featureNames });
  } catch (error) {
    await disposeAfterFailure(loaded.map(({ model }) => model));
    throw error;
  }
}

function trainerOf({ name, trainer }: SavedMember, members: readonly SettledMember[]) {
  const member = members.find((candidate) => candidate.name === name);
  if (member?.trainer.name === trainer) return member.trainer;
  throw otherMembers(
    `a member '${name}' of the trainer '${trainer}'`,
    member === undefined
      ? listed(members.map((candidate) => candidate.name))
      : `'${name}' of the trainer '${member.trainer.name}'`,
  );
}

function listed(names: readonly string[]): string {
  return `the members ${names.map((name) => `'${name}'`).join(', ')}`;
}

function otherMembers(expected: string, found: string): EnsembleModelError {
  return new EnsembleModelError({
    expected,
    found,
    remedy: 'load it by an ensemble trainer with the members that it was trained with, under the same names',
  });
}
