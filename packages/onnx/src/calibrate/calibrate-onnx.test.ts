import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { convertLightGBMToOnnx } from '../convert/convert-lightgbm-to-onnx.ts';
import { encodeScoringModel } from '../convert/encode-scoring-model.ts';
import { encodeNode, encodeTensor } from '../convert/onnx-messages.ts';
import { OnnxCalibrationError, OnnxModelError } from '../errors.ts';
import type { NamedMessage } from '../graph/onnx-parts.ts';
import { readOnnxParts } from '../graph/read-onnx-parts.ts';
import { writeOnnxParts } from '../graph/write-onnx-parts.ts';
import { readOnnxMetadata } from '../model-metadata.ts';
import { proveParity } from '../parity/prove-parity.ts';
import type { Scores } from '../scorer/onnx-scorer.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { matrixOf, matrixOfColumns } from '../testing/matrices.ts';
import { modelText, type TreeSpec } from '../testing/model-text.ts';
import { learningData, nativeScores, withTrainedBooster } from '../testing/native-models.ts';
import { calibrateOnnx } from './calibrate-onnx.ts';
import type { OnnxCalibration } from './calibration.ts';

const platt: OnnxCalibration = { method: 'platt', slope: 0.7, intercept: -0.4 };
const isotonic: OnnxCalibration = {
  method: 'isotonic',
  x: [0.001, 0.05, 0.051, 0.3, 0.6, 0.99],
  y: [0, 0.02, 0.06, 0.061, 0.7, 0.995],
};

/** The calibrated probability, computed from the definition: the knots on either side are looked up. */
function calibrated(p: number, calibration: OnnxCalibration): number {
  if (calibration.method === 'none') return p;
  if (calibration.method === 'platt') {
    const clipped = Math.min(Math.max(p, 1e-15), 1 - 1e-15);
    const logit = Math.log(clipped / (1 - clipped));
    return 1 / (1 + Math.exp(-(calibration.slope * logit + calibration.intercept)));
  }
  const { x, y } = calibration;
  const after = x.findIndex((knot) => knot >= p);
  if (after < 0) return y.at(-1) as number;
  if (after === 0) return y[0] as number;
  const [x0, x1, y0, y1] = [x[after - 1], x[after], y[after - 1], y[after]] as [
    number,
    number,
    number,
    number,
  ];
  return y0 + ((y1 - y0) * (p - x0)) / (x1 - x0);
}

const columns = 6;
const data = learningData(11, 3000, columns);
/** Learns by heart: its raw scores go far to both sides. */
const trained = withTrainedBooster(
  data,
  {
    parameters: { objective: 'binary', num_leaves: 31, min_data_in_leaf: 2, learning_rate: 0.4 },
    iterations: 100,
  },
  (booster) => ({
    onnx: convertLightGBMToOnnx(booster.saveToString()),
    names: booster.featureNames,
    native: nativeScores(booster, data),
  }),
);
const matrix = matrixOfColumns(trained.names, data.values);
const rows = Int32Array.from({ length: data.rows }, (_, row) => row);

/** A model whose raw score is the one feature, and so any number that a test wants. */
const raw = { feature: 'raw_score', link: 'logistic' };
const sigmoidOfFeature = encodeScoringModel({
  name: 'feature',
  featureNames: [raw.feature],
  nodes: [
    encodeNode({ operator: 'MatMul', inputs: ['features', 'one'], outputs: ['raw_score'] }),
    encodeNode({ operator: 'Sigmoid', inputs: ['raw_score'], outputs: ['probability'] }),
  ],
  initializers: [encodeTensor('one', Float32Array.of(1), [1, 1])],
  properties: {},
});

async function scores(bytes: Uint8Array, of = matrix): Promise<Scores> {
  const scorer = await openOnnxScorer(bytes, { sessions: 1 });
  return scorer.score(of).finally(() => scorer.dispose());
}

describe('calibrateOnnx', () => {
  it.each([
    ['platt', platt],
    ['a steep platt', { method: 'platt', slope: 8, intercept: 3 }],
    ['a flat platt', { method: 'platt', slope: 0.01, intercept: 0 }],
    ['isotonic', isotonic],
    ['two knots', { method: 'isotonic', x: [0.4, 0.5], y: [0.25, 0.26] }],
    ['two knots at the ends', { method: 'isotonic', x: [0, 1], y: [0, 1] }],
    [
      '100 knots',
      {
        method: 'isotonic',
        x: Array.from({ length: 100 }, (_, i) => i / 99),
        y: Array.from({ length: 100 }, (_, i) => (i / 99) ** 2),
      },
    ],
  ] satisfies [string, OnnxCalibration][])(
    'agrees with the formula on native scores: %s',
    async (_, calibration) => {
      const { raw, probability } = trained.native;
      expect(Math.min(...probability)).toBeLessThan(1e-5);
      expect(Math.max(...probability)).toBeGreaterThan(1 - 1e-5);
      const native = { raw, probability: probability.map((p) => calibrated(p, calibration)) };
      const scorer = await openOnnxScorer(calibrateOnnx(trained.onnx, calibration), { sessions: 1 });
      const report = await proveParity({ scorer, matrix, rows, native });
      await scorer.dispose();
      // What is left is the rounding of raw scores and results to float32.
      expect(report.maxProbabilityDifference).toBeLessThan(3e-7);
      expect(report.maxRawRelativeDifference).toBeLessThan(6.1e-8);
    },
  );

  it('leaves raw scores as they were, bit by bit', async () => {
    const before = await scores(trained.onnx);
    for (const calibration of [platt, isotonic]) {
      expect((await scores(calibrateOnnx(trained.onnx, calibration))).raw).toEqual(before.raw);
    }
  });

  it('stays within 0..1 and keeps the order, to the ends of float32', async () => {
    const inputs = [-3.4e38, -1000, -100, -35, -1, -1e-30, 0, 1, 20, 35, 36, 37, 40, 100, 1000, 3.4e38];
    const of = matrixOf(
      [raw.feature],
      inputs.map((value) => [value]),
    );
    const bytes = convertLightGBMToOnnx(
      modelText({
        trees: [
          inputs.reduceRight<TreeSpec>(
            (right, left) => ({
              feature: 0,
              threshold: left,
              decisionType: 2,
              left: Math.fround(left / 100),
              right,
            }),
            0,
          ),
        ],
        features: [raw.feature],
        objective: 'binary sigmoid:100',
      }),
    );
    for (const calibration of [platt, isotonic]) {
      const { probability } = await scores(calibrateOnnx(bytes, calibration), of);
      expect(Array.from(probability)).toEqual(Array.from(probability).sort((a, b) => a - b));
      expect(probability.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
    const { probability } = await scores(calibrateOnnx(bytes, isotonic), of);
    expect([probability[0], probability.at(-1)]).toEqual([0, Math.fround(0.995)]);
  });

  it('takes a model that computes its probability in float32', async () => {
    const of = matrixOf([raw.feature], [[-9], [-1], [0.2], [3], [12]]);
    const before = await scores(sigmoidOfFeature, of);
    for (const calibration of [platt, isotonic]) {
      const after = await scores(calibrateOnnx(sigmoidOfFeature, calibration), of);
      for (const [row, p] of before.probability.entries()) {
        expect(after.probability[row]).toBeCloseTo(calibrated(p, calibration), 7);
      }
      expect(after.raw).toEqual(before.raw);
    }
  });

  it('takes a model whose raw score follows from the probability, and which lists its constants as inputs', async () => {
    const scoring = encodeScoringModel({
      name: 'odds',
      featureNames: [raw.feature],
      nodes: [
        encodeNode({ operator: 'Mul', inputs: ['features', 'half'], outputs: ['probability'] }),
        encodeNode({ operator: 'Log', inputs: ['probability'], outputs: ['raw_score'] }),
      ],
      initializers: [encodeTensor('half', Float32Array.of(0.5), [1, 1])],
      properties: {},
    });
    const parts = readOnnxParts(scoring);
    const half = { ...parts.graph.inputs[0], name: 'half' } as NamedMessage;
    const listed = { ...parts.graph, inputs: [...parts.graph.inputs, half] };
    const of = matrixOf([raw.feature], [[0.2], [1], [1.9]]);
    const { raw: before, probability } = await scores(scoring, of);
    const after = await scores(calibrateOnnx(scoring, platt), of);
    expect(after.raw).toEqual(before);
    for (const [row, p] of probability.entries()) {
      expect(after.probability[row]).toBeCloseTo(calibrated(p, platt), 7);
    }
    const bytes = calibrateOnnx(writeOnnxParts({ ...parts, graph: listed }), platt);
    expect(readOnnxParts(bytes).graph.inputs.map(({ name }) => name)).toEqual([
      'features',
      'uncalibrated/half',
    ]);
  });

  it('leaves out what only the uncalibrated output needed', () => {
    const before = readOnnxParts(trained.onnx).graph.nodes.length;
    const { nodes } = readOnnxParts(calibrateOnnx(trained.onnx, platt)).graph;
    const casts = nodes.filter(
      ({ operator, outputs }) => operator === 'Cast' && outputs[0]?.includes('probability'),
    );
    expect(casts.map(({ outputs }) => outputs)).toEqual([['probability']]);
    expect(nodes.length).toBe(before - 1 + 10);
  });

  it('says in the metadata what was done, and nothing for a model that was not calibrated', () => {
    const metadata = readOnnxMetadata(calibrateOnnx(trained.onnx, platt));
    expect(metadata.calibration).toEqual(platt);
    const before = readOnnxMetadata(trained.onnx);
    expect(before.calibration).toEqual({ method: 'none' });
    expect(metadata).toMatchObject({ featureNames: before.featureNames, link: 'logistic' });
    expect(metadata.properties).toMatchObject(before.properties);
  });

  it('gives the same bytes each time, and the model itself without a method', () => {
    const once = calibrateOnnx(trained.onnx, isotonic);
    expect(Buffer.compare(calibrateOnnx(trained.onnx, isotonic), once)).toBe(0);
    expect(Buffer.compare(calibrateOnnx(trained.onnx, { method: 'none' }), trained.onnx)).toBe(0);
  });

  it('refuses to calibrate twice, and scores that are no probabilities', () => {
    expect(() => calibrateOnnx(calibrateOnnx(trained.onnx, platt), isotonic)).toThrow(OnnxCalibrationError);
    const ranker = convertLightGBMToOnnx(modelText({ trees: [1], features: ['a'], objective: 'lambdarank' }));
    expect(() => calibrateOnnx(ranker, platt)).toThrow(OnnxCalibrationError);
    expect(() => calibrateOnnx(ranker, { method: 'none' })).not.toThrow();
  });

  it.each([
    ['a slope of 0', { method: 'platt', slope: 0, intercept: 0 }],
    ['a slope below 0', { method: 'platt', slope: -1, intercept: 0 }],
    ['an intercept that is none', { method: 'platt', slope: 1, intercept: Number.NaN }],
    ['x twice', { method: 'isotonic', x: [0.1, 0.1], y: [0, 1] }],
    ['x that decreases', { method: 'isotonic', x: [0.2, 0.1], y: [0, 1] }],
    ['y that decreases', { method: 'isotonic', x: [0.1, 0.2], y: [0.5, 0.4] }],
    ['y above 1', { method: 'isotonic', x: [0.1, 0.2], y: [0.5, 1.1] }],
    ['y below 0', { method: 'isotonic', x: [0.1, 0.2], y: [-0.1, 1] }],
    ['more x than y', { method: 'isotonic', x: [0.1, 0.2], y: [0.5] }],
    ['y twice', { method: 'isotonic', x: [0.1, 0.2], y: [0.5, 0.5] }],
    ['x above 1', { method: 'isotonic', x: [0.1, 2], y: [0.5, 0.6] }],
    ['no knots', { method: 'isotonic', x: [], y: [] }],
    ['one knot', { method: 'isotonic', x: [0.5], y: [0.5] }],
    ['an infinite slope', { method: 'isotonic', x: [0, 5e-324], y: [0, 1] }],
    ['another method', { method: 'beta' } as never],
  ] satisfies [string, OnnxCalibration][])('refuses %s', (_, calibration) => {
    expect(() => calibrateOnnx(trained.onnx, calibration)).toThrow(InvalidInputError);
  });

  it('refuses bytes that are no model, and metadata that nobody here wrote', () => {
    expect(() => calibrateOnnx(trained.onnx.subarray(0, 1000), platt)).toThrow(OnnxModelError);
    const forged = (calibration: string) =>
      encodeScoringModel({
        name: 'x',
        featureNames: ['a'],
        nodes: [],
        initializers: [],
        properties: { calibration },
      });
    for (const text of ['null', '{', '{"method":"platt"}', '{"method":"isotonic","x":"01","y":"01"}']) {
      expect(() => readOnnxMetadata(forged(text))).toThrow(OnnxModelError);
    }
  });
});
