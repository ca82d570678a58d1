// Trains on all snapshots of a network but the last, and scores the last.
// Run: node train-and-score.js ethereum
import {
  labelStrategyByName,
  listSnapshots,
  openDatabase,
  scoreSnapshot,
  splitterByName,
  trainerByName,
  trainModel,
} from '@risk-scoring/pipeline';

const [network = 'simnet'] = process.argv.slice(2);
const database = await openDatabase({ network });
try {
  const snapshots = (await listSnapshots(database)).filter(({ windowDays }) => windowDays === 30);
  const [first, beforeLast, last] = [snapshots[0], snapshots.at(-2), snapshots.at(-1)];
  if (!first || !beforeLast || !last) throw new Error('ingest two snapshots or more first');
  const { metadata } = await trainModel(database, {
    period: { network, startDate: first.processingDate, endDate: beforeLast.processingDate, windowDays: 30 },
    modelType: 'alert_scorer',
    labelStrategy: labelStrategyByName('address'),
    trainer: trainerByName('lightgbm', 'alert_scorer'),
    splitter: splitterByName('address'),
    outputDir: 'trained_models',
    modelVersion: '1.0.0',
    seed: 42,
    onProgress: ({ stage, done, total }) => console.error(stage, `${done} of ${total}`),
  });
  console.log('AUC', metadata.metrics.test_auc, metadata.metrics.test_intervals.auc);
  const { alerts, top } = await scoreSnapshot(database, { date: last.processingDate, windowDays: 30 });
  console.log('scored', alerts, 'alerts; on top:', top);
} finally {
  await database.close();
}
