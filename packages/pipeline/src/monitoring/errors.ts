import { RiskScoringError } from '@risk-scoring/contract';

/** The model was saved without what later snapshots are compared with. */
export class ModelHasNoReferenceError extends RiskScoringError {
  constructor({ modelId, found }: { readonly modelId: string; readonly found: string }) {
    super({
      code: 'MODEL_HAS_NO_REFERENCE',
      category: 'model',
      summary: `${modelId} does not say what the data looked like that it was made on.`,
      expected:
        'an .evaluation.json among its files, with the distribution of every feature and of the scores',
      found,
      remedy: 'train it again: npx risk-scoring train …',
    });
  }
}

/** There is no snapshot to compare with the model's training. */
export class NothingToMonitorError extends RiskScoringError {
  constructor(parts: { readonly modelId: string; readonly range: string; readonly found: string }) {
    super({
      code: 'NOTHING_TO_MONITOR',
      category: 'data',
      summary: `There is no snapshot to watch ${parts.modelId} on.`,
      expected: `a published snapshot ${parts.range}`,
      found: parts.found,
      remedy: 'ingest a later snapshot, or name some with --start-date and --end-date',
    });
  }
}
