import { type ModelType, RiskScoringError } from '@risk-scoring/contract';
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
      remedy: `choose two with: npx risk-scoring models list --network ${network}`,
    });
  }
}

/** A model that was named, and is not of the type or the window that was asked for. */
export class ModelDoesNotFitError extends RiskScoringError {
  constructor(
    { model_id: modelId, model_type: type, training_period: period }: ModelMetadata,
    wanted: {
      readonly network: string;
      readonly modelType?: ModelType | undefined;
      readonly windowDays?: number | undefined;
    },
  ) {
    const { network, modelType = type, windowDays = period.window_days } = wanted;
    super({
      code: 'MODEL_DOES_NOT_FIT',
      category: 'input',
      summary: `${modelId} is not of the ${type === modelType ? 'window' : 'type'} that was asked for.`,
      expected: `${modelType} for window_days = ${windowDays}`,
      found: `${type} for window_days = ${period.window_days}`,
      remedy: `leave --model-type and --window-days out, or choose a model with: npx risk-scoring models list --network ${network} --model-type ${modelType} --window-days ${windowDays}`,
    });
  }
}

/** An alias stands for a model that cannot be read, so that nothing can be shown to be better than it. */
export class AliasModelUnusableError extends RiskScoringError {
  constructor(parts: {
    readonly alias: string;
    readonly modelType: ModelType;
    /** What the alias stands for. */
    readonly modelId: string;
    /** What was to be promoted. */
    readonly challenger: string;
    readonly network: string;
    /** Which snapshots to judge on, as the command takes them. */
    readonly dates: string;
    readonly cause: RiskScoringError;
  }) {
    const { alias, modelType, modelId, challenger, network, dates, cause } = parts;
    const command = `npx risk-scoring models promote ${challenger} --network ${network} --alias ${alias}`;
    super({
      code: 'ALIAS_MODEL_UNUSABLE',
      category: 'model',
      summary: `The ${modelType} alias '${alias}' stands for ${modelId}, which cannot be read: nothing can be compared with it. Nothing was moved.`,
      expected: 'the model that is to be improved upon, as it was saved',
      found: [cause.summary, cause.found].filter(Boolean).join(' '),
      remedy: `restore ${modelId} from where it was saved; or demand only what ${challenger} can show by itself: ${command} --gate${dates}; or let the alias stand for it without a gate: ${command}`,
      cause,
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
        'choose other snapshots, wait until labels arrive, or bring your own: npx risk-scoring labels import --help says how',
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
