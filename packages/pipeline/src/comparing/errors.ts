import { RiskScoringError } from '@risk-scoring/contract';
import type { ModelMetadata } from '@risk-scoring/model-storage';

/** Two models that score different things. */
export class ModelsNotComparableError extends RiskScoringError {
  constructor(first: ModelMetadata, second: ModelMetadata, network: string) {
    super({
      code: 'MODELS_NOT_COMPARABLE',
      category: 'input',
      summary: `${first.model_id} and ${second.model_id} cannot be compared.`,
      expected: `two models of one type and one window, both of ${network}`,
      found: `${describe(first)}, and ${describe(second)}`,
      remedy: 'choose two with: npx risk-scoring models list',
    });
  }
}

function describe({ model_type: type, network, training_period: period }: ModelMetadata): string {
  return `${type} of ${network} for window_days = ${period.window_days}`;
}

/** Snapshots without labels judge nothing. */
export class NoLabelsToCompareByError extends RiskScoringError {
  constructor(parts: { readonly dates: string; readonly rows: number; readonly strategy: string }) {
    super({
      code: 'NO_LABELS_TO_COMPARE_BY',
      category: 'data',
      summary: `No row of ${parts.dates} has a label to judge by.`,
      expected: `labels by '${parts.strategy}'`,
      found: `${parts.rows} rows without one`,
      remedy:
        'choose other snapshots, wait until labels arrive, or bring your own: npx risk-scoring labels import',
    });
  }
}

/** Labels of too few addresses to tell two models apart. */
export class TooFewToCompareError extends RiskScoringError {
  constructor(parts: { readonly dates: string; readonly expected: string; readonly found: string }) {
    super({
      code: 'TOO_FEW_TO_COMPARE',
      category: 'data',
      summary: `The labelled rows of ${parts.dates} are too few to compare models on.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'compare on more snapshots: --start-date and --end-date',
    });
  }
}

/** The published rows changed while models were scored on them. */
export class SnapshotChangedError extends RiskScoringError {
  constructor(parts: { readonly date: string; readonly modelId: string; readonly missing: number }) {
    super({
      code: 'SNAPSHOT_CHANGED',
      category: 'data',
      summary: `The snapshot of ${parts.date} changed while it was scored.`,
      expected: 'a score for every labelled row',
      found: `${parts.missing} labelled rows that ${parts.modelId} gave no score`,
      remedy: 'compare again, and ingest before or after',
    });
  }
}
