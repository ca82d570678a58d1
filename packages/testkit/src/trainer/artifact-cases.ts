import type { ModelArtifact, ModelType } from '@risk-scoring/contract';
import { assertSpecificationVersion, MODEL_TYPES } from '@risk-scoring/contract';
import { check, checkPlainJson, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import type { TrainerSubject } from './trainer-subject.ts';
import { withModel } from './trainer-subject.ts';
import { requestOf } from './training-problem.ts';

/** How far a probability of the ONNX twin may be from the native one. */
const onnxTolerance = 1e-6;

/** What a trainer and its models say of themselves, and how a model is saved and loaded. */
export const artifactCases: readonly ConformanceCase<TrainerSubject>[] = [
  {
    name: 'carries the specification version, and so do its models',
    async run(subject) {
      assertSpecificationVersion(await subject.makeTrainer(), 'ModelTrainer');
      await withModel(subject, requestOf(subject.makeProblem()), async (model) =>
        assertSpecificationVersion(model, 'TrainedModel'),
      );
    },
  },
  {
    name: 'has a name, model types and hyperparameters as plain JSON',
    async run(subject) {
      const { name, modelTypes, hyperparameters } = await subject.makeTrainer();
      check(typeof name === 'string' && name.trim() !== '', 'the name is empty');
      check(modelTypes.length > 0, 'it names no model type');
      const unknown = modelTypes.find((type: ModelType) => !MODEL_TYPES.includes(type));
      check(unknown === undefined, `it names an unknown model type '${unknown}'`);
      checkPlainJson(hyperparameters, 'hyperparameters');
    },
  },
  {
    name: 'describes its model, features in the order of the matrix',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        const description = model.describe();
        checkPlainJson(description, 'the description');
        const { featureNames, importances, numTrees, bestIteration } = description;
        const names = problem.data.columns.map((column) => column.name);
        check(
          featureNames.join() === names.join(),
          `features ${featureNames.join()} instead of ${names.join()}`,
        );
        check(
          importances.length === names.length,
          `${importances.length} importances for ${names.length} features`,
        );
        check(
          importances.every((gain) => gain >= 0 && Number.isFinite(gain)),
          'an importance is not finite and ≥ 0',
        );
        check(Number.isInteger(numTrees) && numTrees >= 0, `numTrees is ${numTrees}`);
        check(Number.isInteger(bestIteration) && bestIteration >= 1, `bestIteration is ${bestIteration}`);
      });
    },
  },
  {
    name: 'finds what is informative more important than what is never known',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        const { featureNames, importances } = model.describe();
        const of = (name: string) => importances[featureNames.indexOf(name)] ?? Number.NaN;
        check(of('volume') > of('never_known'), 'an informative column is no more important than one of NaN');
      });
    },
  },
  {
    name: 'gives its native form and an ONNX twin',
    async run(subject) {
      const artifacts = await artifactsOf(subject);
      for (const role of ['native', 'onnx']) {
        check(
          artifacts.some((artifact) => artifact.role === role),
          `no artifact has the role '${role}'`,
        );
      }
      for (const { role, extension, bytes } of artifacts) {
        check(/^\.\w+$/.test(extension), `the ${role} artifact has the extension '${extension}'`);
        check(bytes instanceof Uint8Array && bytes.length > 0, `the ${role} artifact is empty`);
      }
    },
  },
  {
    name: 'loads a saved model that predicts the same bits and describes itself the same way',
    async run(subject) {
      const problem = subject.makeProblem();
      const saved = await withModel(subject, requestOf(problem), async (model) => ({
        artifacts: await model.artifacts(),
        raw: await model.predict(problem.data, { output: 'raw' }),
        probability: await model.predict(problem.data),
        description: model.describe(),
      }));
      const loaded = await (await subject.makeTrainer()).load(saved.artifacts);
      checkSameBits(
        await loaded.predict(problem.data),
        saved.probability,
        'probabilities of the loaded model',
      );
      const raw = await loaded.predict(problem.data, { output: 'raw' });
      checkSameBits(raw, saved.raw, 'raw scores of the loaded model');
      const { featureNames } = loaded.describe();
      check(featureNames.join() === saved.description.featureNames.join(), `features ${featureNames.join()}`);
      await loaded.dispose();
    },
  },
  {
    name: 'has an ONNX twin that scores the same within 1e-6',
    skipReason: async ({ scoreOnnx }) => (scoreOnnx === undefined ? 'scoreOnnx was not given' : undefined),
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        const native = await model.predict(problem.data);
        const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
        check(onnx !== undefined, "no artifact has the role 'onnx'");
        const scores = (await subject.scoreOnnx?.(onnx.bytes, problem.data)) ?? [];
        check(scores.length === native.length, `${scores.length} ONNX scores for ${native.length} rows`);
        for (let row = 0; row < native.length; row++) {
          const difference = Math.abs((scores[row] as number) - native[row]);
          check(
            difference <= onnxTolerance,
            `row ${row} scores ${scores[row]} by ONNX and ${native[row]} natively`,
          );
        }
      });
    },
  },
  {
    name: 'can be disposed of twice',
    async run(subject) {
      const trainer = await subject.makeTrainer();
      const model = await trainer.train(requestOf(subject.makeProblem()));
      await model.dispose();
      await model.dispose();
    },
  },
];

async function artifactsOf(subject: TrainerSubject): Promise<readonly ModelArtifact[]> {
  return withModel(subject, requestOf(subject.makeProblem()), (model) => model.artifacts());
}
