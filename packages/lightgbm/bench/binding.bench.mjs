// How long each step takes in a session, and how long it keeps the caller's event loop waiting.
// Usage: pnpm run bench [rows] [columns] [rounds]
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createRandom } from '@risk-scoring/contract';
import { describeLibrary, openLightGBMSession } from '@risk-scoring/lightgbm';

const [rows = 200_000, columns = 56, rounds = 100] = process.argv.slice(2).map(Number);
const parameters = { objective: 'binary', deterministic: true, force_row_wise: true, seed: 1 };
const steps = [];

const matrix = createMatrix();
const labels = createLabels();
const session = await step('open session', () => openLightGBMSession());
const dataset = await step('create dataset', () => session.createDataset({ matrix, parameters }));
const trainRows = Int32Array.from({ length: rows }, (_, row) => row);
const request = { dataset, trainRows, labels, parameters, maxRounds: rounds };
const { model: text } = await step(`train ${rounds} rounds`, () => session.train(request));
const model = await step('load model', () => session.loadModel(text));
await step('predict all rows', () => model.predict({ matrix }));
await step('predict all rows, 1 thread', () => model.predict({ matrix, threads: 1 }));
await step('predict 1 row, 1000 times', async () => {
  const selected = Int32Array.of(7);
  for (let i = 0; i < 1000; i++) await model.predict({ matrix, selected, threads: 1 });
});
await session.dispose();

console.log(
  `LightGBM ${describeLibrary().version}, ${rows} × ${columns}, ${availableParallelism()} cores, Node ${process.version}`,
);
console.table(steps);

/** Runs one step and notes its time and the longest time that a timer had to wait for the event loop meanwhile. */
async function step(name, work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  // A step shorter than the resolution has no sample.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  steps.push({
    step: name,
    'time (ms)': Math.round(ms),
    'event loop delay, max (ms)': Math.round(delay.max / 1e5) / 10,
  });
  return result;
}

function createMatrix() {
  const random = createRandom(1, 'features');
  const values = new Float32Array(new SharedArrayBuffer(rows * columns * 4));
  for (let i = 0; i < values.length; i++) values[i] = random.normal();
  return { values, rows, columns: Array.from({ length: columns }, (_, column) => `feature_${column}`) };
}

function createLabels() {
  const random = createRandom(1, 'labels');
  const { values } = matrix;
  return Int8Array.from({ length: rows }, (_, row) => {
    const logit = 2 * values[row] + values[rows + row] * values[2 * rows + row];
    return random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
}
