import { FeatureSchemaMismatchError, InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { calibrateOnnx } from '../calibrate/calibrate-onnx.ts';
import { convertLightGBMToOnnx } from '../convert/convert-lightgbm-to-onnx.ts';
import { encodeScoringModel } from '../convert/encode-scoring-model.ts';
import { encodeNode, encodeTensor, encodeVector } from '../convert/onnx-messages.ts';
import { OnnxCombinationError, OnnxModelError } from '../errors.ts';
import { readOnnxMetadata } from '../model-metadata.ts';
import { proveParity } from '../parity/prove-parity.ts';
import type { Scores } from '../scorer/onnx-scorer.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { matrixOfColumns } from '../testing/matrices.ts';
import { learningData, nativeScores, withTrainedBooster } from '../testing/native-models.ts';
import { combineOnnxModels, type OnnxCombinationRequest } from './combine-onnx-models.ts';

const columns = 5;
const data = learningData(5, 2000, columns);
const group = new Int32Array(20).fill(100);

function train(objective: string, learning_rate: number, iterations: number) {
  const parameters = { objective, learning_rate, num_leaves: 15 };
  return withTrainedBooster({ ...data, group }, { parameters, iterations }, (booster) => ({
    bytes: convertLightGBMToOnnx(booster.saveToString()),
    names: booster.featureNames,
    native: nativeScores(booster, data),
  }));
}

const fast = train('binary', 0.5, 60);
const slow = train('cross_entropy', 0.05, 20);
const rankers = [train('lambdarank', 0.1, 20), train('rank_xendcg', 0.2, 10)] as const;
const featureNames = fast.names;
const matrix = matrixOfColumns(featureNames, data.values);
const rows = Int32Array.from({ length: data.rows }, (_, row) => row);

/** A logistic regression of one column, in float32, with names of values that the others have, too. */
const byHand = encodeScoringModel({
  name: 'by hand',
  featureNames,
  nodes: [
    encodeNode({ operator: 'IsNaN', inputs: ['features'], outputs: ['missing'] }),
    encodeNode({ operator: 'Where', inputs: ['missing', 'zero', 'features'], outputs: ['known'] }),
    encodeNode({ operator: 'MatMul', inputs: ['known', 'factor'], outputs: ['scaled'] }),
    encodeNode({ operator: 'Add', inputs: ['scaled', 'bias'], outputs: ['raw_score'] }),
    encodeNode({ operator: 'Sigmoid', inputs: ['raw_score'], outputs: ['probability'] }),
  ],
  initializers: [
    encodeTensor('factor', Float32Array.of(0.5, 0, 0, 0, 0), [columns, 1]),
    encodeVector('bias', Float32Array.of(-1)),
    encodeVector('zero', Float32Array.of(0)),
  ],
  properties: {},
});
/** Its probabilities, as it puts them out. */
const handScores = await scoresOf(byHand);

async function scoresOf(bytes: Uint8Array): Promise<Scores> {
  const scorer = await openOnnxScorer(bytes, { sessions: 1 });
  return scorer.score(matrix).finally(() => scorer.dispose());
}

async function parity(bytes: Uint8Array, native: Scores) {
  const scorer = await openOnnxScorer(bytes, { sessions: 1 });
  return proveParity({ scorer, matrix, rows, native }).finally(() => scorer.dispose());
}

const members = [
  { name: 'fast', bytes: fast.bytes },
  { name: 'slow', bytes: slow.bytes },
  { name: 'by hand', bytes: byHand },
];
const probabilities = [fast.native.probability, slow.native.probability, handScores.probability];
const logit = (p: number) => {
  const clipped = Math.min(Math.max(p, 1e-15), 1 - 1e-15);
  return Math.log(clipped / (1 - clipped));
};
/** Σ weight · f(score) of every row. */
const sums = (scores: readonly Float64Array[], weights: readonly number[], f = (x: number) => x) =>
  Float64Array.from(rows, (row) =>
    scores.reduce((sum, score, i) => sum + (weights[i] as number) * f(score[row]), 0),
  );
const request = { name: 'ensemble', members, featureNames, properties: { source: 'a test' } };

describe('combineOnnxModels', () => {
  it('averages probabilities by weight; the raw score is their logit', async () => {
    const weights = [3, 0.5, 1];
    const bytes = combineOnnxModels({ ...request, combine: { method: 'average', weights } });
    const probability = sums(probabilities, weights).map((sum) => sum / 4.5);
    const report = await parity(bytes, { probability, raw: probability.map(logit) });
    expect(report.maxProbabilityDifference).toBeLessThan(1e-7);
    expect(readOnnxMetadata(bytes)).toMatchObject({
      featureNames,
      link: 'logistic',
      properties: { source: 'a test' },
    });
  });

  it('stacks log-odds', async () => {
    const combine = { method: 'stacking', intercept: -0.3, coefficients: [0.8, 0.4, -0.1] } as const;
    const bytes = combineOnnxModels({ ...request, combine });
    const raw = sums(probabilities, combine.coefficients, logit).map((sum) => combine.intercept + sum);
    const report = await parity(bytes, { raw, probability: raw.map((z) => 1 / (1 + Math.exp(-z))) });
    expect(report.maxProbabilityDifference).toBeLessThan(1e-7);
  });

  it('averages the raw scores of rankers', async () => {
    const bytes = combineOnnxModels({
      ...request,
      members: rankers.map(({ bytes }, i) => ({ name: `ranker ${i}`, bytes })),
      combine: { method: 'average-raw', weights: [1, 3] },
    });
    const scores = rankers.map(({ native }) => native.raw);
    const raw = sums(scores, [1, 3]).map((sum) => sum / 4);
    await parity(bytes, { raw, probability: raw });
    expect(readOnnxMetadata(bytes).link).toBe('identity');
  });

  it('gives one member its own scores, and a weight of 0 no say', async () => {
    const combine = { method: 'average', weights: [1, 0, 0] } as const;
    const { probability } = await scoresOf(combineOnnxModels({ ...request, combine }));
    const alone = combineOnnxModels({
      ...request,
      members: members.slice(0, 1),
      combine: { method: 'average', weights: [7] },
    });
    const own = await scoresOf(fast.bytes);
    expect(probability).toEqual(own.probability);
    for (const [row, p] of (await scoresOf(alone)).probability.entries()) {
      expect(Math.abs(p - own.probability[row])).toBeLessThan(6e-8);
    }
  });

  it('combines calibrated and combined models, and is calibrated itself', async () => {
    const platt = { method: 'platt', slope: 0.5, intercept: 0.2 } as const;
    const formula = (p: number) => 1 / (1 + Math.exp(-(platt.slope * logit(p) + platt.intercept)));
    const average = (members: typeof request.members) =>
      combineOnnxModels({ ...request, members, combine: { method: 'average', weights: [1, 1] } });
    const inner = average([
      { name: 'calibrated', bytes: calibrateOnnx(fast.bytes, platt) },
      { name: 'slow', bytes: slow.bytes },
    ]);
    const outer = average([
      { name: 'inner', bytes: inner },
      { name: 'fast', bytes: fast.bytes },
    ]);
    const probability = Float64Array.from(rows, (row) => {
      const [p, q] = [fast.native.probability[row], slow.native.probability[row]];
      return ((formula(p) + q) / 2 + p) / 2;
    });
    await parity(outer, { probability, raw: probability.map(logit) });
    const after = { probability: probability.map(formula), raw: probability.map(logit) };
    await parity(calibrateOnnx(outer, platt), after);
  });

  it('gives the same bytes for the same request', () => {
    const combine = { method: 'average', weights: [1, 2, 3] } as const;
    const once = combineOnnxModels({ ...request, combine });
    expect(Buffer.compare(combineOnnxModels({ ...request, combine }), once)).toBe(0);
  });

  it('names the first feature of a member that is another', () => {
    const renamed = featureNames.with(3, 'elsewhere');
    const combine = { method: 'average', weights: [1, 1, 1] } as const;
    const attempt = () => combineOnnxModels({ ...request, featureNames: renamed, combine });
    expect(attempt).toThrow(FeatureSchemaMismatchError);
    expect(attempt).toThrow("'elsewhere' as feature 3");
    const fewer = () => combineOnnxModels({ ...request, featureNames: featureNames.slice(0, 4), combine });
    expect(fewer).toThrow(FeatureSchemaMismatchError);
  });

  it('never mixes probabilities with scores that are none', () => {
    const mixed = [...members.slice(0, 1), { name: 'ranker', bytes: rankers[0].bytes }];
    for (const combine of [
      { method: 'average', weights: [1, 1] },
      { method: 'average-raw', weights: [1, 1] },
      { method: 'stacking', intercept: 0, coefficients: [1, 1] },
    ] as const) {
      expect(() => combineOnnxModels({ ...request, members: mixed, combine })).toThrow(OnnxCombinationError);
    }
  });

  it.each([
    ['no member', { members: [], combine: { method: 'average', weights: [] } }],
    ['too few weights', { combine: { method: 'average', weights: [1, 1] } }],
    ['a weight below 0', { combine: { method: 'average', weights: [1, 1, -1] } }],
    ['weights that are all 0', { combine: { method: 'average', weights: [0, 0, 0] } }],
    ['weights that are no numbers', { combine: { method: 'average', weights: [1, 1, Number.NaN] } }],
    ['too many coefficients', { combine: { method: 'stacking', intercept: 0, coefficients: [1, 1, 1, 1] } }],
    ['an infinite intercept', { combine: { method: 'stacking', intercept: 1 / 0, coefficients: [1, 1, 1] } }],
    ['another method', { combine: { method: 'vote' } as never }],
    [
      'a property that contradicts the model',
      { combine: { method: 'average', weights: [1, 1, 1] }, properties: { link: 'identity' } },
    ],
    [
      'the calibration of a member as the property of all',
      { combine: { method: 'average', weights: [1, 1, 1] }, properties: { calibration: '{}' } },
    ],
  ] satisfies [string, Partial<OnnxCombinationRequest> & Pick<OnnxCombinationRequest, 'combine'>][])(
    'refuses %s',
    (_, change) => {
      expect(() => combineOnnxModels({ ...request, ...change })).toThrow(InvalidInputError);
    },
  );

  it('refuses a member that is no model', () => {
    const broken = [{ name: 'broken', bytes: fast.bytes.subarray(0, 5000) }];
    const combine = { method: 'average', weights: [1] } as const;
    expect(() => combineOnnxModels({ ...request, members: broken, combine })).toThrow(OnnxModelError);
  });
});
