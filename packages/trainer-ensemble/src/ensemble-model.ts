import { assertRows, assertSameColumns, type TrainedModel } from '@risk-scoring/contract';
import { combineOnnxModels, type OnnxCombination } from '@risk-scoring/onnx';
import { combineScores, memberOutput } from './combination.ts';
import { describeEnsemble } from './describe-ensemble.ts';
import { disposeAll, once } from './dispose-all.ts';
import { writeEnsemble } from './file/ensemble-file.ts';
import { type EnsemblePart, type MemberFiles, memberFiles } from './member-artifacts.ts';

/** What an ensemble is made of; it takes over the members. */
export interface EnsembleModelParts {
  readonly members: readonly EnsemblePart[];
  readonly combine: OnnxCombination;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly featureNames: readonly string[];
}

/** Trained or loaded members as one model. */
export function createEnsembleModel(parts: EnsembleModelParts): TrainedModel {
  const { members, combine, hyperparameters, featureNames } = parts;
  const describe = () =>
    describeEnsemble(
      { combine, hyperparameters, featureNames },
      members.map(({ model }) => model.describe()),
    );
  return {
    specificationVersion: 'v1',
    async predict(data, { rows, output = 'probability' } = {}) {
      assertSameColumns(data, featureNames, 'this ensemble');
      assertRows(data, rows);
      const options = { output: memberOutput(combine), ...(rows === undefined ? {} : { rows }) };
      const scores: Float64Array[] = [];
      for (const { model } of members) scores.push(await model.predict(data, options));
      return combineScores(combine, scores, output);
    },
    async artifacts() {
      const files: MemberFiles[] = [];
      for (const member of members) files.push(await memberFiles(member));
      const bytes = writeEnsemble({
        combine,
        hyperparameters,
        featureNames,
        members: members.map(({ name, trainer }, i) => ({
          name,
          trainer: trainer.name,
          artifacts: files[i].kept,
        })),
      });
      return [
        { role: 'native', extension: '.ensemble', bytes },
        { role: 'onnx', extension: '.onnx', bytes: combinedOnnx(parts, files) },
      ];
    },
    describe,
    dispose: once(() => disposeAll(members.map(({ model }) => model))),
  };
}

function combinedOnnx(
  { members, combine, featureNames }: EnsembleModelParts,
  files: readonly MemberFiles[],
): Uint8Array {
  return combineOnnxModels({
    name: 'ensemble',
    members: members.map(({ name }, i) => ({ name, bytes: files[i].onnx })),
    featureNames,
    combine,
    properties: {
      ensemble: JSON.stringify({
        ...combine,
        members: members.map(({ name, trainer }) => ({ name, trainer: trainer.name })),
      }),
    },
  });
}
