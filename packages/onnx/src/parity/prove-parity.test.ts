import { CancelledError, InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { convertLightGBMToOnnx } from '../convert/convert-lightgbm-to-onnx.ts';
import { OnnxParityError } from '../errors.ts';
import type { OnnxScorer } from '../scorer/onnx-scorer.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { matrixOf } from '../testing/matrices.ts';
import { modelText } from '../testing/model-text.ts';
import { proveParity } from './prove-parity.ts';

const matrix = matrixOf(['a'], [[0], [1], [2]]);
const rows = Int32Array.of(2, 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

async function withScorer(objective: string, use: (scorer: OnnxScorer) => Promise<void>) {
  const tree = { feature: 0, threshold: 1, decisionType: 2, left: -2, right: 30 };
  const scorer = await openOnnxScorer(
    convertLightGBMToOnnx(modelText({ trees: [tree], features: ['a'], objective })),
  );
  await use(scorer).finally(() => scorer.dispose());
}

const native = (raw: readonly number[], probability = raw.map(sigmoid)) => ({
  raw: Float64Array.from(raw),
  probability: Float64Array.from(probability),
});

describe('proveParity', () => {
  it('reports how close the twin came', () =>
    withScorer('binary sigmoid:1', async (scorer) => {
      const report = await proveParity({ scorer, matrix, rows, native: native([30.00015, -2]) });
      expect(report.rows).toBe(2);
      expect(report.maxRawRelativeDifference).toBeCloseTo(0.00015 / 30.00015, 10);
      expect(report.maxProbabilityDifference).toBeLessThan(6e-8);
    }));

  it('compares an identity link relatively, as its scores are no probabilities', () =>
    withScorer('lambdarank', async (scorer) => {
      const report = await proveParity({ scorer, matrix, rows, native: native([30, -2], [30.000015, -2]) });
      expect(report.maxProbabilityDifference).toBeCloseTo(5e-7, 9);
    }));

  it.each([
    ['a raw score beyond 1e-5 relative', native([30.0004, -2]), 'in row 2'],
    ['a raw score beyond 1e-5 absolute where it is small', native([30, -2.00003]), 'in row 0'],
    ['a probability beyond 1e-6', native([30, -2], [sigmoid(30), sigmoid(-2) + 2e-6]), 'in row 0'],
    ['NaN', native([Number.NaN, -2]), 'in row 2'],
  ])('throws for %s', (_, wrong, where) =>
    withScorer('binary sigmoid:1', async (scorer) => {
      const proof = proveParity({ scorer, matrix, rows, native: wrong });
      await expect(proof).rejects.toThrow(OnnxParityError);
      await expect(proof).rejects.toThrow(where);
    }),
  );

  it('refuses to prove anything by no rows, or by scores that are not aligned with them', () =>
    withScorer('binary sigmoid:1', async (scorer) => {
      const nothing = { scorer, matrix, rows: new Int32Array(), native: native([]) };
      await expect(proveParity(nothing)).rejects.toThrow(InvalidInputError);
      await expect(proveParity({ scorer, matrix, rows, native: native([30]) })).rejects.toThrow(
        InvalidInputError,
      );
    }));

  it('stops with the signal', () =>
    withScorer('binary sigmoid:1', async (scorer) => {
      const signal = AbortSignal.abort();
      await expect(proveParity({ scorer, matrix, rows, native: native([30, -2]), signal })).rejects.toThrow(
        CancelledError,
      );
    }));
});
