// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import { openOnnxScorer } from '@risk-scoring/onnx';
import { describeModelTrainer } from '@risk-scoring/testkit';
import { createXGBoostTrainer } from '@risk-scoring/trainer-xgboost';
import { describe } from 'vitest';
import { missingLibrary } from './testing/native-booster.ts';

describe.skipIf(missingLibrary !== undefined)('the conformance suite', () => {
  describeModelTrainer('XGBoost', () => createXGBoostTrainer({ threads: 2 }), {
    async scoreOnnx(bytes, matrix) {
      const scorer = await openOnnxScorer(bytes);
      try {
        return (await scorer.score(matrix)).probability;
      } finally {
        await scorer.dispose();
      }
    },
  });
});
