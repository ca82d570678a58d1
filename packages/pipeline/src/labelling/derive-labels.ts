import {
  CancelledError,
  changedTables,
  hashTables,
  InvalidLabelSetError,
  type LabelSet,
  type LabelStrategy,
  RiskScoringError,
  type TrainingData,
  type TrainingTable,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { validateLabelSet } from '@risk-scoring/labels';
import type { Table } from 'apache-arrow';
import { LabelStrategyFailedError, LabelStrategyWroteError, show } from './errors.ts';

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
  return readingOnly(strategy, seen, () =>
    guarded(strategy, { doing: 'labelling the alerts', signal }, async () => {
      const labelSet = await strategy.deriveLabels(seen.alerts, seen, {
        seed,
        ...(signal ? { signal } : {}),
      });
      return checked(strategy, labelSet, seen.alerts.numRows);
    }),
  );
}

/**
 * Runs a strategy's code over tables that it may only read.
 *
 * @throws {LabelStrategyWroteError} when it changed them
 */
export async function readingOnly<T>(
  strategy: LabelStrategy,
  tables: Readonly<Partial<Record<TrainingTable, Table>>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = hashTables(tables);
  const result = await work();
  const changed = changedTables(before, hashTables(tables));
  if (changed.length > 0) throw new LabelStrategyWroteError({ strategy: strategy.name, tables: changed });
  return result;
}

/**
 * A label set with its weights, when it keeps the contract: a copy, so that nothing that the strategy does with its own arrays later on reaches
 * what is taught or what judges.
 *
 * @throws {InvalidLabelSetError} when it does not keep it
 */
export function checked(strategy: LabelStrategy, returned: LabelSet, rows: number): DerivedLabels {
  const refuse = (expected: string, found: string) =>
    new InvalidLabelSetError({ strategy: strategy.name, expected, found });
  const labelSet = copyOf(returned, refuse);
  if (labelSet.labels.length !== rows)
    throw refuse(`one label for each of ${rows} alerts`, `${labelSet.labels.length} labels`);
  validateLabelSet(strategy.name, labelSet);
  strategy.validateLabels(labelSet);
  const weights = copyOfArray(strategy.getLabelWeights(labelSet), Float32Array, { what: 'weights', refuse });
  // The weights are what is trained with, so they are held to the same rules.
  validateLabelSet(strategy.name, { ...labelSet, weights });
  return { labelSet, weights };
}

type Refuse = (expected: string, found: string) => InvalidLabelSetError;

function copyOf(returned: LabelSet, refuse: Refuse): LabelSet {
  if (typeof returned !== 'object' || returned === null || typeof returned.sources !== 'object') {
    throw refuse('a label set: labels, weights and sources', show(returned));
  }
  const { labels, weights, counterWeights, relevance, sources, report } = returned;
  const { names, kinds, codes } = sources;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string'))
    throw refuse('source names in a list of texts', show(names));
  return {
    labels: copyOfArray(labels, Int8Array, { what: 'labels', refuse }),
    weights: copyOfArray(weights, Float32Array, { what: 'weights', refuse }),
    ...(counterWeights === undefined
      ? {}
      : { counterWeights: copyOfArray(counterWeights, Float32Array, { what: 'counter-weights', refuse }) }),
    ...(relevance === undefined
      ? {}
      : { relevance: copyOfArray(relevance, Uint8Array, { what: 'relevance', refuse }) }),
    sources: {
      names: [...names],
      ...(kinds === undefined ? {} : { kinds: [...kinds] }),
      codes: copyOfArray(codes, Int32Array, { what: 'source codes', refuse }),
    },
    ...(report === undefined ? {} : { report: plainJson(report, refuse) }),
  };
}

function copyOfArray<T extends Int8Array | Uint8Array | Int32Array | Float32Array>(
  list: T,
  type: { new (list: T): T; readonly name: string },
  { what, refuse }: { readonly what: string; readonly refuse: Refuse },
): T {
  if (list instanceof type) return new type(list);
  throw refuse(`${what} in an ${type.name}`, show(list));
}

/** The report as it will be read back from the metadata. */
function plainJson(report: unknown, refuse: Refuse): Record<string, unknown> {
  let copied: unknown;
  try {
    copied = JSON.parse(JSON.stringify(report));
  } catch (cause) {
    throw refuse('a report as plain JSON', show(cause));
  }
  if (typeof copied === 'object' && copied !== null && !Array.isArray(copied))
    return copied as Record<string, unknown>;
  throw refuse('a report as plain JSON: names with values', show(report));
}

/**
 * Runs a strategy's code; errors that are not typed become one that names it, and one that does not heed the signal is left behind.
 *
 * @throws {LabelStrategyFailedError} when it throws something of its own
 * @throws {CancelledError} as soon as the signal aborts
 */
export async function guarded<T>(
  strategy: LabelStrategy,
  { doing, signal }: { readonly doing: string; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal, doing);
  let stop: (() => void) | undefined;
  const cancelled = new Promise<never>((_, reject) => {
    stop = () => reject(new CancelledError({ during: doing }));
    signal?.addEventListener('abort', stop, { once: true });
  });
  // Something must be pending, or the process would end without a word where a strategy never answers.
  const waiting = setInterval(() => undefined, 60_000);
  try {
    return await Promise.race([work(), cancelled]);
  } catch (cause) {
    if (RiskScoringError.isInstance(cause)) throw cause;
    throw new LabelStrategyFailedError({ strategy: strategy.name, doing, cause });
  } finally {
    clearInterval(waiting);
    if (stop) signal?.removeEventListener('abort', stop);
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
