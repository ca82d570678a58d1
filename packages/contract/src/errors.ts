import { RiskScoringError } from './risk-scoring-error.ts';
import type { TrainingPeriod } from './training-data.ts';

/** An option, a name or a date that cannot be meant. */
export class InvalidInputError extends RiskScoringError {
  constructor(parts: { what: string; expected: string; found: unknown; remedy?: string }) {
    super({
      code: 'INVALID_INPUT',
      category: 'input',
      summary: `${parts.what} cannot be used.`,
      expected: parts.expected,
      found: show(parts.found),
      ...(parts.remedy === undefined ? {} : { remedy: parts.remedy }),
    });
  }
}

/** A strategy, trainer or splitter written for another version of this contract. */
export class UnsupportedSpecificationError extends RiskScoringError {
  constructor(parts: { kind: string; found: unknown; expected: string }) {
    super({
      code: 'UNSUPPORTED_SPECIFICATION',
      category: 'input',
      summary: `This ${parts.kind} was written for another contract.`,
      expected: `specificationVersion ${show(parts.expected)}`,
      found: `specificationVersion ${show(parts.found)}`,
      remedy: 'install a version of the package that matches this risk-scoring, or update risk-scoring',
    });
  }
}

/** The period holds no alert to learn from or to score. */
export class NoAlertsFoundError extends RiskScoringError {
  constructor(parts: { period: TrainingPeriod; available: string }) {
    const { network, startDate, endDate, windowDays } = parts.period;
    super({
      code: 'NO_ALERTS_FOUND',
      category: 'data',
      summary: `raw_alerts of ${network} has no alerts from ${startDate} to ${endDate} with window_days = ${windowDays}.`,
      expected: 'at least one published snapshot in the period',
      found: parts.available,
      remedy: 'choose a period and window that are there, or ingest the snapshots first',
    });
  }
}

/** No alert of the period got a label, so there is nothing to learn from. */
export class NoLabelsFoundError extends RiskScoringError {
  constructor(parts: {
    period: TrainingPeriod;
    strategy: string;
    alerts: number;
    /** Rows of address labels that it read; left out where it reads none. */
    labelRows?: number;
  }) {
    const { network, startDate, endDate } = parts.period;
    super({
      code: 'NO_LABELS_FOUND',
      category: 'data',
      summary: `The label strategy '${parts.strategy}' labelled none of the ${parts.alerts} alerts of ${network} from ${startDate} to ${endDate}.`,
      expected: 'some labelled alerts of both classes',
      found:
        parts.labelRows === undefined
          ? 'no label that the strategy gives any of them'
          : `${parts.labelRows} rows of address labels, none of them for an alerted address`,
      remedy:
        'ingest or import labels of the alerted addresses, widen the period or choose another label strategy',
    });
  }
}

/** All labels agree, so there is nothing to tell apart. */
export class SingleClassError extends RiskScoringError {
  constructor(parts: { where: string; positives: number; negatives: number; remedy?: string }) {
    super({
      code: 'SINGLE_CLASS',
      category: 'data',
      summary: `The labels of ${parts.where} are of one class only.`,
      expected: 'alerts labelled 1 (suspicious) and alerts labelled 0 (normal)',
      found: `${parts.positives} labelled 1 and ${parts.negatives} labelled 0`,
      remedy: parts.remedy ?? 'widen the period, add labels or choose another label strategy',
    });
  }
}

/** A label set that breaks the contract: wrong length, a label outside -1..1, a weight that is no weight. */
export class InvalidLabelSetError extends RiskScoringError {
  constructor(parts: { strategy: string; expected: string; found: string }) {
    super({
      code: 'INVALID_LABEL_SET',
      category: 'data',
      summary: `The label strategy '${parts.strategy}' returned an invalid label set.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend the strategy; describeLabelStrategy() of @risk-scoring/testkit shows where it fails',
    });
  }
}

/** The matrix at hand is not the one the model was trained on. */
export class FeatureSchemaMismatchError extends RiskScoringError {
  constructor(parts: { modelId: string; expected: string; found: string }) {
    super({
      code: 'FEATURE_SCHEMA_MISMATCH',
      category: 'model',
      summary: `The features at hand are not those that ${parts.modelId} was trained on.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'score with the risk-scoring version that trained the model, or train it again',
    });
  }
}

/** Something would have let the model see what it is judged on. */
export class LeakageError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string; remedy: string }) {
    super({ code: 'LEAKAGE', category: 'data', ...parts });
  }
}

/** The user stopped the work; what was not complete was not kept. */
export class CancelledError extends RiskScoringError {
  constructor(parts: { during: string }) {
    super({
      code: 'CANCELLED',
      category: 'cancelled',
      summary: `Stopped while ${parts.during}; nothing half-done was kept.`,
    });
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : `'${value}'`;
  if (value === undefined) return 'nothing';
  return String(value);
}
