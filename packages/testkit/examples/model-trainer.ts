// The conformance suite of a trainer of one's own; save it as my-trainer.test.ts and run vitest.
import type { ModelTrainer } from '@risk-scoring/contract';
import { describeModelTrainer } from '@risk-scoring/testkit';

/** Stands in for the trainer under test. */
declare function createMyTrainer(options: { iterations: number }): ModelTrainer;
/** Stands in for the scorer that serves its ONNX artifact: openOnnxScorer of @risk-scoring/onnx. */
declare function scoreWithOnnx(bytes: Uint8Array): Promise<Float64Array>;

describeModelTrainer('my trainer', () => createMyTrainer({ iterations: 50 }), {
  scoreOnnx: (bytes) => scoreWithOnnx(bytes),
  knownFailures: {
    'stops before its end when its signal aborts, and can train again': 'one call trains all iterations',
  },
});
