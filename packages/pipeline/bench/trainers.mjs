// What each trainer and model type is worth on real snapshots, by address and by date: the tables of packages/trainers/README.md.
//
//   node bench/trainers.mjs --from <folder of snapshots> [--only lightgbm,xgboost] [--split temporal] [--data-dir <folder>]
//
// Every row is a whole training as `risk-scoring train` does it; figures are those of its holdout, with 95 % intervals by address. For
// dates they are of the latest fifth of the labelled alerts, all windows of the training part having ended before (a purge of 30 days).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAddressLabelStrategy } from '@risk-scoring/labels';
import { ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { splitterByName, trainerByName, trainModel } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    only: { type: 'string' },
    split: { type: 'string' },
    'data-dir': { type: 'string' },
    start: { type: 'string', default: '2018-02-01' },
    end: { type: 'string', default: '2019-12-01' },
    network: { type: 'string', default: 'ethereum' },
  },
});
if (values.from === undefined) {
  console.error('error: say where the snapshots are: --from <folder>');
  process.exit(2);
}
const only = values.only?.split(',');

const ENSEMBLE = {
  members: [{ trainer: 'lightgbm' }, { trainer: 'xgboost', settings: { max_rounds: 500 } }],
};
const cases = [
  ['lightgbm', 'alert_scorer', {}],
  ['xgboost', 'alert_scorer', { max_rounds: 500 }],
  ['neural-net', 'alert_scorer', { max_epochs: 30, early_stopping_rounds: 5 }],
  ['isolation-forest', 'alert_scorer', {}],
  ['ensemble', 'alert_scorer', { ...ENSEMBLE, method: 'average' }],
  ['ensemble', 'alert_scorer', { ...ENSEMBLE, method: 'stacking' }],
  ['lightgbm', 'alert_ranker', {}],
  ['xgboost', 'alert_ranker', { max_rounds: 500 }],
  ['lightgbm', 'cluster_scorer', {}],
  ['xgboost', 'cluster_scorer', { max_rounds: 500 }],
].filter(([trainer]) => only === undefined || only.includes(trainer));

const work = mkdtempSync(path.join(tmpdir(), 'risk-scoring-trainers-'));
const { database } = await initDatabase({ network: values.network, dataDir: values['data-dir'] ?? work });
try {
  await ingestSnapshots(database, { from: values.from });
  for (const [split, settings] of [
    ['address', {}],
    ['temporal', { purgeDays: 30 }],
  ].filter(([split]) => values.split === undefined || values.split === split)) {
    console.log(`\n${splitterByName(split, settings).guarantee}\n`);
    console.log(
      '| trainer | model type | AUC | PR-AUC | Brier | NDCG@50 | precision@50 | CV AUC | iterations | seconds |',
    );
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
    for (const [trainer, modelType, trainerSettings] of cases)
      console.log(
        await rowOf({ trainer, modelType, trainerSettings, splitter: splitterByName(split, settings) }),
      );
  }
} finally {
  await database.close();
  rmSync(work, { recursive: true, force: true });
}

async function rowOf({ trainer, modelType, trainerSettings, splitter }) {
  const started = performance.now();
  const name = trainerSettings.method ? `${trainer}, ${trainerSettings.method}` : trainer;
  try {
    const { metadata } = await trainModel(database, {
      period: { network: values.network, startDate: values.start, endDate: values.end, windowDays: 30 },
      modelType,
      labelStrategy: createAddressLabelStrategy(),
      trainer: trainerByName(trainer, modelType, { settings: trainerSettings }),
      splitter,
      cvFolds: splitter.name === 'temporal' ? 3 : 5,
      outputDir: path.join(work, 'models'),
      modelVersion: '1.0.0',
      seed: 42,
    });
    const { metrics } = metadata;
    const { test_ranking: ranking, test_intervals: intervals } = metrics;
    return row([
      name,
      modelType,
      withInterval(metrics.test_auc, intervals.auc),
      withInterval(metrics.test_pr_auc, intervals.pr_auc),
      withInterval(metrics.test_brier, intervals.brier),
      withInterval(ranking?.ndcg['50'], ranking?.intervals?.ndcg['50']),
      withInterval(ranking?.precision_at_k['50'], ranking?.intervals?.precision_at_k['50']),
      `${figure(metrics.cv_auc_mean)} ± ${figure(metrics.cv_auc_std)}`,
      `${metadata.best_iteration}`,
      ((performance.now() - started) / 1000).toFixed(0),
    ]);
  } catch (error) {
    return row([name, modelType, `${error.code ?? error.name}: ${error.message.split('. ')[0]}`]);
  }
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

function withInterval(value, interval) {
  if (typeof value !== 'number') return '–';
  return interval ? `${figure(value)} (${figure(interval[0])}–${figure(interval[1])})` : figure(value);
}

function figure(value) {
  return typeof value === 'number' ? value.toFixed(3) : '–';
}
