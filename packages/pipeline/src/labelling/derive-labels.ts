import {
  InvalidLabelSetError,
  type LabelSet,
  type LabelStrategy,
  RiskScoringError,
  type TrainingData,
  type TrainingTable,
} from '@risk-scoring/contract';
import { validateLabelSet } from '@risk-scoring/labels';
import type { Table } from 'apache-arrow';
import { LabelStrategyFailedError, LabelStrategyWroteError } from './errors.ts';
import { changedTables, hashTables } from './table-hashes.ts';

/** A label set that keeps the contract, and the weights that its strategy gives it. */
export interface DerivedLabels {
  readonly labelSet: LabelSet;
  readonly weights: Float32Array;
}

/**
 * Lets a strategy label the alerts of a period, and trusts nothing: what it throws, what it returns and what it did to the tables are checked.
 *
 * @throws {LabelStrategyFailedError} when it throws something of its own
 * @throws {InvalidLabelSetError} when what it returns breaks the contract
 * @throws {LabelStrategyWroteError} when it changed the tables
 */
export async function deriveLabels(
  strategy: LabelStrategy,
  data: TrainingData,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<DerivedLabels> {
  const seen = withoutOthers(data, strategy);
  const before = hashTables(seen);
  const derived = await guarded(strategy, 'labelling the alerts', async () => {
    const labelSet = await strategy.deriveLabels(seen.alerts, seen, { seed, ...(signal ? { signal } : {}) });
    return checked(strategy, labelSet, seen.alerts.numRows);
  });
  const changed = changedTables(before, hashTables(seen));
  if (changed.length > 0) throw new LabelStrategyWroteError({ strategy: strategy.name, tables: changed });
  return derived;
}

/**
 * A label set with its weights, when it keeps the contract.
 *
 * @throws {InvalidLabelSetError} when it does not
 */
export function checked(strategy: LabelStrategy, labelSet: LabelSet, rows: number): DerivedLabels {
  const refuse = (expected: string, found: string) =>
    new InvalidLabelSetError({ strategy: strategy.name, expected, found });
  if (!(labelSet?.labels instanceof Int8Array))
    throw refuse('labels in an Int8Array', typeof labelSet?.labels);
  if (labelSet.labels.length !== rows)
    throw refuse(`one label for each of ${rows} alerts`, `${labelSet.labels.length} labels`);
  validateLabelSet(strategy.name, labelSet);
  strategy.validateLabels(labelSet);
  const weights = strategy.getLabelWeights(labelSet);
  // The weights are what is trained with, so they are held to the same rules.
  validateLabelSet(strategy.name, { ...labelSet, weights });
  return { labelSet, weights };
}

/** Runs a strategy's code; errors that are not typed become one that names it. */
export async function guarded<T>(strategy: LabelStrategy, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (RiskScoringError.isInstance(cause)) throw cause;
    throw new LabelStrategyFailedError({ strategy: strategy.name, doing, cause });
  }
}

/** The tables that a strategy asked for; the others empty, whoever else needed them. */
function withoutOthers(data: TrainingData, { requires }: LabelStrategy): TrainingData {
  const keep = (name: TrainingTable): Table =>
    name === 'alerts' || requires.includes(name) ? data[name] : data[name].slice(0, 0);
  return {
    period: data.period,
    alerts: data.alerts,
    features: keep('features'),
    clusters: keep('clusters'),
    moneyFlows: keep('moneyFlows'),
    addressLabels: keep('addressLabels'),
  };
}
