import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CancelledError,
  InvalidInputError,
  InvalidLabelSetError,
  type LabelSet,
  type LabelStrategy,
  type ModelTrainer,
  type RefineRequest,
  SingleClassError,
} from '@risk-scoring/contract';
import {
  createAddressLabelStrategy,
  createCombinedLabelStrategy,
  createPositiveUnlabelledLabelStrategy,
  createProxyLabelStrategy,
  createSemiSupervisedLabelStrategy,
  createUnsupervisedLabelStrategy,
} from '@risk-scoring/labels';
import { listModels, readStoredModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitterByName } from '../registry.ts';
import { scoreSnapshot } from '../scoring/score-snapshot.ts';
import { dryRunTraining, trainModel } from '../train-model.ts';
import type { TrainOptions } from '../train-options.ts';
import { LabelStrategyFailedError, LabelStrategyWroteError } from './errors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-labelling-'));
let database: Database;
let options: TrainOptions;

const CV_FOLDS = 3;
const address = () => createAddressLabelStrategy();
/** Small trees: the rules hold for any model. */
const trainer = () => createLightGBMTrainer({ maxRounds: 15, earlyStoppingRounds: 5 });

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({
    outputDir: snapshots,
    network: 'labelnet',
    seed: 11,
    snapshots: 2,
    alerts: 3000,
  });
  ({ database } = await initDatabase({ network: 'labelnet', dataDir: folder }));
  const outcomes = await ingestSnapshots(database, { from: snapshots });
  options = {
    period: {
      network: 'labelnet',
      startDate: outcomes[0]?.processingDate ?? '',
      endDate: outcomes.at(-1)?.processingDate ?? '',
      windowDays: 30,
    },
    modelType: 'alert_scorer',
    labelStrategy: address(),
    trainer: trainer(),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 5,
    cvFolds: CV_FOLDS,
  };
}, 300_000);

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a strategy that breaks the contract fails the training, and nothing is written', () => {
  const outputDir = path.join(folder, 'refused');
  const changed = (change: (labelSet: LabelSet) => Partial<LabelSet>): LabelStrategy => ({
    ...address(),
    async deriveLabels(...parameters) {
      const labelSet = await address().deriveLabels(...parameters);
      return { ...labelSet, ...change(labelSet) };
    },
  });
  const throwing: LabelStrategy = {
    ...address(),
    deriveLabels: async () => {
      throw new TypeError('x is not a function');
    },
  };
  const writing: LabelStrategy = {
    ...address(),
    async deriveLabels(alerts, data, context) {
      const labelSet = await address().deriveLabels(alerts, data, context);
      alerts.getChild('processing_date')?.data[0]?.values.fill(0);
      return labelSet;
    },
  };
  const weighing = (weight: number) =>
    changed(({ weights }) => ({ weights: weights.map((w) => (w > 0 ? weight : 0)) }));

  it.each<[string, LabelStrategy, new (...args: never[]) => Error, RegExp]>([
    ['an error of its own', throwing, LabelStrategyFailedError, /TypeError: x is not a function/],
    [
      'too few labels',
      changed(({ labels }) => ({ labels: labels.slice(1) })),
      InvalidLabelSetError,
      /labels/,
    ],
    [
      'labels of 2',
      changed(({ labels }) => ({ labels: labels.map((l) => (l === 1 ? 2 : l)) })),
      InvalidLabelSetError,
      /2 in row/,
    ],
    ['negative weights', weighing(-1), InvalidLabelSetError, /-1 in row/],
    ['weights that are NaN', weighing(Number.NaN), InvalidLabelSetError, /NaN in row/],
    ['weights of 0', weighing(0), InvalidLabelSetError, /a weight of 0 for each of \d+/],
    ['writing into the tables', writing, LabelStrategyWroteError, /alerts/],
    [
      'weights of another length',
      { ...address(), getLabelWeights: () => new Float32Array(1) },
      InvalidLabelSetError,
      /1 weights/,
    ],
  ])('%s', async (_, labelStrategy, error, message) => {
    const training = trainModel(database, { ...options, labelStrategy, outputDir });
    await expect(training).rejects.toThrow(error);
    await expect(training).rejects.toThrow(message);
    expect(existsSync(outputDir)).toBe(false);
  });
});

describe('a strategy that keeps its hands on what it returned', () => {
  it('cannot change what judges once it has said it', async () => {
    const trained = (later: (labels: Int8Array) => void) => {
      let kept: Int8Array = new Int8Array();
      return trainModel(database, {
        ...options,
        labelStrategy: {
          ...address(),
          async deriveLabels(...parameters) {
            const labelSet = await address().deriveLabels(...parameters);
            kept = labelSet.labels;
            return labelSet;
          },
          async refineLabels({ labelSet }) {
            later(kept);
            return labelSet;
          },
        },
      });
    };
    const honest = await trained(() => undefined);
    const cheating = await trained((labels) => labels.reverse());
    expect(cheating.metadata.metrics).toEqual(honest.metadata.metrics);
  });

  it('may not write into the alerts while it refines either', async () => {
    const writing: LabelStrategy = {
      ...address(),
      async refineLabels({ labelSet, alerts }) {
        alerts.getChild('processing_date')?.data[0]?.values.fill(0);
        return labelSet;
      },
    };
    await expect(trainModel(database, { ...options, labelStrategy: writing })).rejects.toThrow(
      LabelStrategyWroteError,
    );
  });

  it('is left behind when it never answers and the training is cancelled', async () => {
    const controller = new AbortController();
    const silent: LabelStrategy = {
      ...address(),
      deriveLabels: () => {
        setImmediate(() => controller.abort());
        return new Promise(() => undefined);
      },
    };
    const training = trainModel(database, { ...options, labelStrategy: silent, signal: controller.signal });
    await expect(training).rejects.toThrow(CancelledError);
  });

  it.each<[string, Partial<LabelSet>, RegExp]>([
    ['plain lists', { labels: [1, 0] as unknown as Int8Array }, /labels in an Int8Array/],
    ['a report that JSON has no end of', { report: endless() }, /a report as plain JSON/],
  ])('is refused for %s', async (_, part, message) => {
    const odd: LabelStrategy = {
      ...address(),
      deriveLabels: async (...parameters) => ({ ...(await address().deriveLabels(...parameters)), ...part }),
    };
    await expect(trainModel(database, { ...options, labelStrategy: odd })).rejects.toThrow(message);
  });

  it('may name its sources as it likes', async () => {
    const named: LabelStrategy = {
      ...address(),
      async deriveLabels(...parameters) {
        const labelSet = await address().deriveLabels(...parameters);
        const names = ['__proto__', 'constructor'];
        return {
          ...labelSet,
          sources: { names, codes: labelSet.sources.codes.map((code) => (code < 0 ? -1 : code % 2)) },
        };
      },
    };
    const { label_sources: sources, labelled } = await dryRunTraining(database, {
      ...options,
      labelStrategy: named,
    });
    const counts = Object.getOwnPropertyNames(sources).map(
      (name) => Object.getOwnPropertyDescriptor(sources, name)?.value,
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(labelled);
  });
});

describe('what judges', () => {
  it('are those of addresses where a strategy that makes labels up knows a few true ones', async () => {
    const { deriveLabels } = address();
    const few: LabelStrategy = {
      ...address(),
      name: 'few',
      async deriveLabels(...parameters) {
        const { labels, weights, sources } = await deriveLabels(...parameters);
        const kept = [labels.indexOf(1), labels.indexOf(0)];
        return {
          labels: labels.map((label, row) => (kept.includes(row) ? label : -1)),
          weights: weights.map((weight, row) => (kept.includes(row) ? weight : 0)),
          sources: { ...sources, codes: sources.codes.map((code, row) => (kept.includes(row) ? code : -1)) },
        };
      },
    };
    const strategies = [{ strategy: few }, { strategy: createProxyLabelStrategy() }];
    const labelStrategy = createCombinedLabelStrategy({ mode: 'fallback', strategies });
    const { judged_by: judge } = await dryRunTraining(database, { ...options, labelStrategy });
    expect(judge).toEqual({ strategy: 'address', kind: 'true' });
  });

  it('is the strategy itself where it has true labels', async () => {
    const { metadata } = await trainModel(database, options);
    expect(metadata.labels).toMatchObject({
      judged_by: { strategy: 'address', own: true, kind: 'true' },
      kinds: { true: metadata.data_stats.num_samples },
    });
    expect(metadata.labels).not.toHaveProperty('own_label_metrics');
  });

  it('are the labels of addresses where the strategy made its own up; both figures are reported, and the holdout is the same', async () => {
    const proxy = await trainModel(database, { ...options, labelStrategy: createProxyLabelStrategy() });
    const { metadata } = proxy;
    expect(metadata.labels).toMatchObject({
      judged_by: { strategy: 'address', own: false, kind: 'true' },
      kinds: { proxy: metadata.data_stats.num_samples },
      own_label_metrics: { auc: expect.any(Number), rows: expect.any(Number) },
    });
    const plain = await trainModel(database, options);
    const holdoutOf = async (model: typeof plain) =>
      (await readStoredModel(model.metadataPath)).holdoutGroups;
    expect(await holdoutOf(proxy)).toEqual(await holdoutOf(plain));
    expect(metadata.data_stats.num_holdout).toBe(plain.metadata.data_stats.num_holdout);
  });

  it('leaves out what the proxy labels are made of, in training', async () => {
    const { metadata } = await trainModel(database, {
      ...options,
      labelStrategy: createProxyLabelStrategy(),
    });
    const names = metadata.feature_names;
    expect(names).not.toContain('severity_encoded');
    expect(metadata.feature_plan.excluded?.length).toBeGreaterThan(2);
    for (const name of metadata.feature_plan.excluded ?? []) expect(names).not.toContain(name);
  });

  it('are the made-up labels where nobody said anything, and that is said', async () => {
    const silent: LabelStrategy = { ...createProxyLabelStrategy() };
    const elsewhere = await withoutAddressLabels();
    try {
      const { metadata } = await trainModel(elsewhere, {
        ...options,
        period: { ...options.period, network: 'silentnet' },
        labelStrategy: silent,
      });
      expect(metadata.labels?.judged_by).toMatchObject({ strategy: 'proxy', own: true, kind: 'proxy' });
    } finally {
      await elsewhere.close();
    }
  });

  it('can be chosen', async () => {
    const { metadata } = await trainModel(database, {
      ...options,
      evaluationLabels: createProxyLabelStrategy(),
    });
    expect(metadata.labels?.judged_by).toMatchObject({ strategy: 'proxy', own: false, kind: 'proxy' });
    expect(metadata.labels?.own_label_metrics?.rows).toBeGreaterThan(0);
  });

  it('must be of both classes', async () => {
    const one: LabelStrategy = { ...address(), name: 'one', ...onlyClass(1) };
    await expect(trainModel(database, { ...options, evaluationLabels: one })).rejects.toThrow(
      SingleClassError,
    );
    await expect(trainModel(database, { ...options, labelStrategy: one })).rejects.toThrow(SingleClassError);
  });
});

describe('no model scores an address that it learned from', () => {
  const base = address();
  it.each<[string, LabelStrategy]>([
    ['address', base],
    ['proxy', createProxyLabelStrategy()],
    [
      'combined',
      createCombinedLabelStrategy({
        mode: 'fallback',
        strategies: [{ strategy: base }, { strategy: createProxyLabelStrategy() }],
      }),
    ],
    ['alert, whose addresses have labels that differ', labelledAlerts()],
    [
      'semi-supervised',
      createSemiSupervisedLabelStrategy(base, {
        rounds: 2,
        positive_threshold: 0.6,
        negative_threshold: 0.2,
      }),
    ],
    ['pu', createPositiveUnlabelledLabelStrategy(base)],
  ])(
    '%s',
    async (_, labelStrategy) => {
      const seen: { learned: Set<number>; scored: Set<number> }[] = [];
      const { metadata } = await trainModel(database, {
        ...options,
        labelStrategy,
        trainer: watched(trainer(), seen),
      });
      const folds = labelStrategy.refineLabels
        ? 5 * ({ pu: 1, 'semi-supervised': 2 }[labelStrategy.name] ?? 1)
        : 0;
      // One model per fold and the final one, each with those that its labels were refined by.
      expect(seen.length).toBeLessThanOrEqual((CV_FOLDS + 1) * (1 + folds));
      expect(seen.length).toBeGreaterThanOrEqual(CV_FOLDS + 1 + (CV_FOLDS + 1) * Math.min(folds, 5));
      for (const { learned, scored } of seen) {
        expect([...scored].filter((group) => learned.has(group))).toEqual([]);
        expect(scored.size).toBeGreaterThan(0);
      }
      if (labelStrategy.refineLabels) expect(metadata.labels?.taught.kinds.pseudo).toBeGreaterThan(0);
      expect(metadata.metrics.test_auc).toBeGreaterThan(0.5);
    },
    300_000,
  );
});

describe('refining', () => {
  it('is asked once per fold and once for the model, with everything hidden that judges', async () => {
    const requests: RefineRequest[] = [];
    const spy: LabelStrategy = {
      ...address(),
      name: 'spy',
      refineLabels: async (request) => {
        requests.push(request);
        return request.labelSet;
      },
    };
    const plain = await trainModel(database, options);
    const spied = await trainModel(database, { ...options, labelStrategy: spy });
    expect(requests).toHaveLength(CV_FOLDS + 1);
    for (const { labelSet, rows } of requests) {
      const visible = new Set(rows);
      const labelled = Array.from(labelSet.labels.keys()).filter((row) => (labelSet.labels[row] ?? -1) >= 0);
      expect(labelled.filter((row) => !visible.has(row))).toEqual([]);
      expect(rows.length).toBeLessThan(labelSet.labels.length);
    }
    // One that refines nothing teaches the same labels.
    expect(spied.metadata.data_stats.num_train).toBe(plain.metadata.data_stats.num_train);
    expect(spied.metadata.labels?.judged_by).toMatchObject({ strategy: 'spy', own: true });
  });

  it('cannot bring labels back that are hidden', async () => {
    let hidden = 0;
    const cheat: LabelStrategy = {
      ...address(),
      refineLabels: async ({ labelSet, rows }) => {
        const visible = new Set(rows);
        const labels = labelSet.labels.map((label, row) => (visible.has(row) ? label : 1));
        hidden = labels.length - rows.length;
        return {
          labels,
          weights: labelSet.weights.map((weight, row) => (visible.has(row) ? weight : 1)),
          sources: {
            ...labelSet.sources,
            codes: labelSet.sources.codes.map((code, row) => (visible.has(row) ? code : 0)),
          },
        };
      },
    };
    const seen: { learned: Set<number>; scored: Set<number> }[] = [];
    await trainModel(database, { ...options, labelStrategy: cheat, trainer: watched(trainer(), seen) });
    expect(hidden).toBeGreaterThan(0);
    for (const { learned, scored } of seen)
      expect([...scored].some((group) => learned.has(group))).toBe(false);
  });

  it('fails the training with a typed error when it throws', async () => {
    const broken: LabelStrategy = {
      ...address(),
      refineLabels: async () => Promise.reject(new RangeError('oh')),
    };
    await expect(trainModel(database, { ...options, labelStrategy: broken })).rejects.toThrow(
      LabelStrategyFailedError,
    );
  });

  it('needs a trainer that takes counter-weights where it gives some', async () => {
    const { takesCounterWeights: _, ...plain } = trainer();
    const training = trainModel(database, {
      ...options,
      trainer: plain,
      labelStrategy: createPositiveUnlabelledLabelStrategy(address()),
    });
    await expect(training).rejects.toThrow(InvalidInputError);
    await expect(training).rejects.toThrow(/counter-weights/);
  });
});

describe('positives alone', () => {
  it('are learned from where nobody named anything normal, and nothing is judged', async () => {
    const elsewhere = await withoutAddressLabels();
    try {
      const positives: LabelStrategy = { ...createProxyLabelStrategy(), name: 'list' };
      const { definedBy: _, ...base } = positives;
      const listed: LabelStrategy = {
        ...base,
        async deriveLabels(...parameters) {
          const { labels, weights } = await positives.deriveLabels(...parameters);
          return {
            labels: labels.map((label) => (label === 1 ? 1 : -1)),
            weights: weights.map((weight, row) => (labels[row] === 1 ? weight : 0)),
            sources: { names: ['list'], codes: Int32Array.from(labels, (label) => (label === 1 ? 0 : -1)) },
          };
        },
      };
      const { metadata } = await trainModel(elsewhere, {
        ...options,
        period: { ...options.period, network: 'silentnet' },
        labelStrategy: createPositiveUnlabelledLabelStrategy(listed),
      });
      expect(metadata.labels?.judged_by).toBeNull();
      expect(metadata.metrics.test_auc).toBeNull();
      expect(metadata.labels?.taught.kinds).toMatchObject({
        true: expect.any(Number),
        pseudo: expect.any(Number),
      });
    } finally {
      await elsewhere.close();
    }
  });
});

describe('a strategy without labels', () => {
  it('needs a trainer that learns without', async () => {
    const training = trainModel(database, { ...options, labelStrategy: createUnsupervisedLabelStrategy() });
    await expect(training).rejects.toThrow(/isolation-forest/);
  });

  const forest = () => ({
    ...options,
    labelStrategy: createUnsupervisedLabelStrategy(),
    trainer: createIsolationForestTrainer({ trees: 20 }),
  });

  it('trains on all alerts but the holdout’s, is judged by the labels of addresses, and scores', async () => {
    const seen: { learned: Set<number>; scored: Set<number> }[] = [];
    const request = forest();
    const { metadata } = await trainModel(database, { ...request, trainer: watched(request.trainer, seen) });
    for (const { learned, scored } of seen)
      expect([...scored].some((group) => learned.has(group))).toBe(false);
    expect(metadata.labels).toMatchObject({
      taught: { rows: 0, positives: 0, kinds: {} },
      judged_by: { strategy: 'address', own: false, kind: 'true' },
    });
    expect(metadata.labels).not.toHaveProperty('own_label_metrics');
    expect(metadata.data_stats.num_train).toBeGreaterThan(metadata.data_stats.num_alerts / 2);
    expect(metadata.metrics.test_auc).toBeGreaterThan(0);
    const scored = await scoreSnapshot(database, {
      date: options.period.endDate,
      windowDays: 30,
      model: metadata.model_id,
    });
    expect(scored.alerts).toBeGreaterThan(0);
  });

  it('is trained without figures where nobody labelled anything', async () => {
    const elsewhere = await withoutAddressLabels();
    try {
      const { metadata } = await trainModel(elsewhere, {
        ...forest(),
        period: { ...options.period, network: 'silentnet' },
      });
      expect(metadata.labels?.judged_by).toBeNull();
      expect(metadata.metrics).toMatchObject({
        test_auc: null,
        cv_auc_mean: null,
        cv_scores: [],
        test_intervals: {},
      });
      expect(metadata.data_stats).toMatchObject({
        num_holdout: 0,
        num_train: metadata.data_stats.num_alerts,
      });
      const [row] = await listModels(elsewhere, { modelId: metadata.model_id });
      expect(row).toMatchObject({ test_auc: null, cv_auc_mean: null });
    } finally {
      await elsewhere.close();
    }
  });
});

/** Keeps the addresses that each model of a trainer learned from, and those that it scored. */
function watched(real: ModelTrainer, seen: { learned: Set<number>; scored: Set<number> }[]): ModelTrainer {
  return {
    ...real,
    async train(request) {
      const { data, trainRows, validationRows } = request;
      const groupsOf = (rows: Iterable<number>) => Array.from(rows, (row) => data.splitGroups[row] ?? -1);
      const entry = {
        learned: new Set([...groupsOf(trainRows), ...groupsOf(validationRows)]),
        scored: new Set<number>(),
      };
      seen.push(entry);
      const model = await real.train(request);
      return {
        ...model,
        predict: (matrix, predicting) => {
          for (const group of groupsOf(predicting?.rows ?? data.splitGroups.keys())) entry.scored.add(group);
          return model.predict(matrix, predicting);
        },
      };
    },
  };
}

function endless(): Record<string, unknown> {
  const report: Record<string, unknown> = {};
  report.self = report;
  return report;
}

function onlyClass(label: 0 | 1): Pick<LabelStrategy, 'deriveLabels'> {
  return {
    async deriveLabels(...parameters) {
      const { labels, weights, sources } = await address().deriveLabels(...parameters);
      return {
        labels: labels.map((each) => (each === label ? each : -1)),
        weights: weights.map((weight, row) => (labels[row] === label ? weight : 0)),
        sources: { ...sources, codes: sources.codes.map((code, row) => (labels[row] === label ? code : -1)) },
      };
    },
  };
}

/** Labels on alerts: those of the address, every fifth the other way round, every third not at all. */
function labelledAlerts(): LabelStrategy {
  return {
    ...address(),
    name: 'alerts',
    async deriveLabels(...parameters) {
      const { labels, weights, sources } = await address().deriveLabels(...parameters);
      const gone = (row: number) => row % 3 === 0;
      return {
        labels: labels.map((label, row) =>
          gone(row) ? -1 : label >= 0 && row % 5 === 0 ? 1 - label : label,
        ),
        weights: weights.map((weight, row) => (gone(row) ? 0 : weight)),
        sources: { ...sources, codes: sources.codes.map((code, row) => (gone(row) ? -1 : code)) },
      };
    },
  };
}

/** A database of another network with the same snapshots, whose address labels are gone. */
async function withoutAddressLabels(): Promise<Database> {
  const snapshots = path.join(folder, 'silent-snapshots');
  await simulateSnapshots({
    outputDir: snapshots,
    network: 'silentnet',
    seed: 11,
    snapshots: 2,
    alerts: 3000,
  });
  const { database: silent } = await initDatabase({ network: 'silentnet', dataDir: folder });
  await ingestSnapshots(silent, { from: snapshots });
  await silent.command({ sql: 'TRUNCATE TABLE raw_address_labels', doing: 'removing the labels' });
  return silent;
}
