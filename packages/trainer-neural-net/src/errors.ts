import { RiskScoringError } from '@risk-scoring/contract';

/** A native file that is no neural net, or not a whole one. */
export class NeuralNetModelError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; cause?: unknown }) {
    super({
      code: 'NEURAL_NET_MODEL',
      category: 'model',
      summary: 'The native file is no neural net that can be loaded.',
      remedy: 'load the .mlp file of a model as it was saved',
      ...parts,
    });
  }
}

/** A training whose weights grew beyond all bounds. */
export class NeuralNetDivergedError extends RiskScoringError {
  constructor(parts: { expected: string; found: string }) {
    super({
      code: 'NEURAL_NET_DIVERGED',
      category: 'model',
      summary: 'The training of the neural net diverged.',
      remedy: 'choose a smaller learningRate, or batchNormalization: true',
      ...parts,
    });
  }
}
