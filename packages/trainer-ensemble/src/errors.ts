import { RiskScoringError } from '@risk-scoring/contract';

/** A native file that is no ensemble, not a whole one, or one of other members than the trainer at hand has. */
export class EnsembleModelError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; remedy?: string; cause?: unknown }) {
    super({
      code: 'ENSEMBLE_MODEL',
      category: 'model',
      summary: 'The ensemble cannot be loaded or saved.',
      remedy: 'load the .ensemble file of a model as it was saved, by a trainer with the same members',
      ...parts,
    });
  }
}

/** Folds from which nothing honest can be learned, or a regression that comes to no end. */
export class EnsembleStackingError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; remedy: string }) {
    super({
      code: 'ENSEMBLE_STACKING',
      category: 'data',
      summary: 'The members cannot be stacked on these rows.',
      ...parts,
    });
  }
}
