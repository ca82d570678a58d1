// A training off the event loop, with early stopping, and predictions of the model.
import { openLightGBMSession } from '@risk-scoring/lightgbm';

const rows = 1000;
const columns = ['volume_usd', 'degree', 'age_days'];
// On a SharedArrayBuffer the worker reads the matrix in place.
const values = new Float32Array(new SharedArrayBuffer(4 * rows * columns.length));
for (let i = 0; i < values.length; i++) values[i] = Math.sin(i * 12.9898) * 43758.5453 - Math.floor(i / 7);
const labels = Int8Array.from({ length: rows }, (_, row) => ((values[row] ?? 0) > 0 ? 1 : 0));

const matrix = { values, rows, columns };
const all = Int32Array.from({ length: rows }, (_, row) => row);
const holdout = all.filter((row) => row % 5 === 0);
const validationRows = all.filter((row) => row % 5 === 1);
const trainRows = all.filter((row) => row % 5 > 1);

const parameters = { objective: 'binary', seed: 42, deterministic: true, force_col_wise: true };
const session = await openLightGBMSession();
try {
  // Bins come from rows that the model may know: never from the holdout.
  const dataset = await session.createDataset({
    matrix,
    selected: all.filter((row) => row % 5 > 0),
    parameters,
  });
  const { model, bestIteration, evalHistory } = await session.train({
    dataset,
    trainRows,
    validationRows,
    labels,
    parameters,
    maxRounds: 500,
    earlyStoppingRounds: 30,
    earlyStoppingMetric: 'binary_logloss',
  });
  console.log(`${bestIteration} iterations, log loss ${evalHistory.binary_logloss?.[bestIteration - 1]}`);

  const loaded = await session.loadModel(model);
  console.log(await loaded.predict({ matrix, selected: holdout.subarray(0, 5) }));
} finally {
  await session.dispose();
}
