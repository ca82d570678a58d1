// The layer below sessions: synchronous calls on this thread, for scripts and for threads of one's own.
import { Booster, Dataset } from '@risk-scoring/lightgbm';

const rows = 200;
const columns = 2;
const values = Float32Array.from({ length: rows * columns }, (_, i) => (i * 37) % 101);
const label = Float32Array.from({ length: rows }, (_, row) => ((values[row] ?? 0) > 50 ? 1 : 0));

const dataset = Dataset.fromColumns({ values, rows, columns, featureNames: ['first', 'second'], label });
const booster = Booster.create(dataset, { objective: 'binary', metric: 'auc', num_threads: 1, seed: 1 });
try {
  while (booster.currentIteration < 50) {
    const isFinished = booster.updateOneIteration();
    if (isFinished) break;
  }
  console.log(booster.metricNames, booster.evaluate(0));
  console.log(booster.featureImportance('gain'));
  console.log(booster.predict({ values, rows, columns, selected: Int32Array.of(0, 1, 2) }));

  const again = Booster.fromString(booster.saveToString());
  console.log(again.currentIteration);
  again.dispose();
} finally {
  booster.dispose();
  dataset.dispose();
}
