import { RiskScoringError } from '@risk-scoring/contract';

/** The user stopped a tuning; what was finished is in the study. */
export class TuningStoppedError extends RiskScoringError {
  constructor(parts: { readonly study: string; readonly done: number; readonly total: number }) {
    super({
      code: 'CANCELLED',
      category: 'cancelled',
      summary: `Stopped with ${parts.done} of ${parts.total} trials done; ${parts.study} keeps them.`,
      remedy: 'run the same command again: it goes on with the trial that was stopped',
    });
  }
}

/** Trials are compared by what judges models, and nothing does. */
export class NothingToTuneByError extends RiskScoringError {
  constructor(strategy: string) {
    super({
      code: 'NOTHING_TO_TUNE_BY',
      category: 'data',
      summary: 'No labels judge models of this period, so trials cannot be compared.',
      expected: 'labels of both classes, of the strategy or to judge by',
      found: `none by '${strategy}', and no address labels`,
      remedy: 'ingest or import address labels, or name a strategy with --evaluation-labels',
    });
  }
}
