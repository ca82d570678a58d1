// What each label strategy is worth on one's own snapshots: holdout AUC and PR-AUC on the labels of addresses, the same holdout for all.
//
//   node bench/label-strategies.mjs --from FOLDER [--network ethereum] [--start-date D --end-date D] [--window-days 30] [--seeds 3] [--only proxy,pu]
//
// FOLDER holds snapshots as `risk-scoring ingest --from` takes them. Nothing is kept. Prints a table in Markdown: means over seeds of the split,
// lowest and highest behind them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { addressKey, readTextColumn } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import {
  createAddressLabelStrategy,
  createAnomalyLabelStrategy,
  createCombinedLabelStrategy,
  createHeuristicLabelStrategy,
  createPositiveUnlabelledLabelStrategy,
  createProxyLabelStrategy,
  createSemiSupervisedLabelStrategy,
  createUnsupervisedLabelStrategy,
} from '@risk-scoring/labels';
import { ingestSnapshots, initDatabase, listSnapshots, trainModel } from '@risk-scoring/pipeline';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

const { values: args } = parseArgs({
  options: {
    from: { type: 'string' },
    network: { type: 'string', default: 'ethereum' },
    'start-date': { type: 'string' },
    'end-date': { type: 'string' },
    'window-days': { type: 'string', default: '30' },
    seeds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
if (args.from === undefined) throw new Error('name the folder of the snapshots: --from FOLDER');

/** Of how many addresses the labels are kept where only some are. */
const KEPT = 0.1;

const address = createAddressLabelStrategy();
const proxy = createProxyLabelStrategy();
const combined = (keepDefiningFeatures) =>
  createCombinedLabelStrategy({
    mode: 'fallback',
    strategies: [{ strategy: address }, { strategy: proxy, weight: 0.2 }],
    keepDefiningFeatures,
  });
const lightgbm = createLightGBMTrainer();

const trials = {
  address: { labelStrategy: address },
  [`address, ${KEPT * 100} % of the labels`]: { labelStrategy: someOf(address) },
  'semi-supervised': { labelStrategy: createSemiSupervisedLabelStrategy(address) },
  [`semi-supervised, ${KEPT * 100} % of the labels`]: {
    labelStrategy: createSemiSupervisedLabelStrategy(someOf(address)),
  },
  'combined (address, else proxy)': { labelStrategy: combined(false) },
  'combined, keeping severity and confidence': { labelStrategy: combined(true) },
  'heuristic (address, else two rules)': {
    labelStrategy: createHeuristicLabelStrategy({
      base: address,
      rules: [
        {
          name: 'new and large',
          label: 1,
          weight: 0.2,
          when: {
            all: [
              { column: 'features.is_new_address', equals: true },
              { column: 'alerts.volume_usd', above_percentile: 90 },
            ],
          },
        },
        {
          name: 'regular user',
          label: 0,
          weight: 0.2,
          when: { column: 'features.is_regular_user', equals: true },
        },
      ],
    }),
  },
  'PU (positives of address)': { labelStrategy: createPositiveUnlabelledLabelStrategy(address) },
  proxy: { labelStrategy: proxy },
  'anomaly scores': { labelStrategy: createAnomalyLabelStrategy() },
  'unsupervised (isolation forest)': {
    labelStrategy: createUnsupervisedLabelStrategy(),
    trainer: createIsolationForestTrainer(),
  },
};

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-labels-'));
const { database } = await initDatabase({ network: args.network, dataDir: folder });
try {
  await ingestSnapshots(database, { from: args.from });
  const dates = (await listSnapshots(database)).map(({ processingDate }) => processingDate).sort();
  const period = {
    network: args.network,
    startDate: args['start-date'] ?? dates[0],
    endDate: args['end-date'] ?? dates.at(-1),
    windowDays: Number(args['window-days']),
  };
  const seeds = Array.from({ length: Number(args.seeds) }, (_, index) => 42 + index);
  console.log(`${period.startDate} to ${period.endDate}, split seeds ${seeds.join(', ')}\n`);
  console.log(
    '| strategy | taught: suspicious / all | AUC | 95 % (first seed) | PR-AUC | 95 % (first seed) |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [name, trial] of Object.entries(trials)) {
    if (args.only !== undefined && !args.only.split(',').some((part) => name.includes(part))) continue;
    const models = [];
    for (const seed of seeds) {
      const { metadata } = await trainModel(database, {
        period,
        modelType: 'alert_scorer',
        trainer: lightgbm,
        splitter: createAddressSplitter(),
        outputDir: path.join(folder, 'models'),
        modelVersion: '1.0.0',
        cvFolds: 2,
        evaluationLabels: address,
        ...trial,
        seed,
      });
      models.push(metadata);
    }
    const [first] = models;
    const { taught } = first.labels;
    const { test_intervals: intervals } = first.metrics;
    const counts = taught.rows === 0 ? 'none' : `${count(taught.positives)} / ${count(taught.rows)}`;
    console.log(
      `| ${name} | ${counts} | ${spread(models, 'test_auc')} | ${show(intervals.auc)} | ${spread(models, 'test_pr_auc')} | ${show(intervals.pr_auc)} |`,
    );
  }
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A strategy that knows the labels of some addresses only. Which ones depends on the address alone. */
function someOf(strategy) {
  return {
    ...strategy,
    name: `${strategy.name}-sample`,
    settings: { ...strategy.settings, kept: KEPT },
    async deriveLabels(alerts, data, context) {
      const { labels, weights, sources } = await strategy.deriveLabels(alerts, data, context);
      const { codes, values } = readTextColumn(alerts, 'address');
      const kept = values.map((value) => shareOf(addressKey(value)) < KEPT);
      const keeps = (row) => kept[codes[row]];
      return {
        labels: labels.map((label, row) => (keeps(row) ? label : -1)),
        weights: weights.map((weight, row) => (keeps(row) ? weight : 0)),
        sources: { ...sources, codes: sources.codes.map((code, row) => (keeps(row) ? code : -1)) },
      };
    },
  };
}

/** A number of 0..1 that looks drawn (FNV-1a). */
function shareOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

function spread(models, figure) {
  const values = models.map(({ metrics }) => metrics[figure]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${mean.toFixed(3)} (${Math.min(...values).toFixed(3)}–${Math.max(...values).toFixed(3)})`;
}

function show([low, high]) {
  return `${low.toFixed(3)}–${high.toFixed(3)}`;
}

function count(value) {
  return value.toLocaleString('en-US');
}
