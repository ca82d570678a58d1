// Usage: node bench/isolation-forest.bench.mjs [rows] [columns] [trees]
import { createRandom } from '@risk-scoring/contract';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';

const [rows = 500_000, columns = 60, trees = 100] = process.argv.slice(2).map(Number);
const data = makeMatrix();
const all = Int32Array.from({ length: rows }, (_, row) => row);
const trainer = createIsolationForestTrainer({ trees });
const request = {
  data,
  trainRows: all,
  validationRows: new Int32Array(),
  labels: new Int8Array(rows).fill(-1),
  weights: new Float32Array(rows),
  seed: 1,
};

const model = await trainer.train(request);
const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
const scorer = await openOnnxScorer(onnx.bytes);
console.table([
  await measure(`train ${trees} trees of 256 rows`, () => trainer.train(request)),
  await measure('score all rows', () => model.predict(data)),
  await measure('score one row', () => model.predict(data, { rows: Int32Array.of(7) })),
  await measure('write both files', () => model.artifacts()),
  await measure('score all rows by ONNX', () => scorer.score(data)),
]);
await scorer.dispose();

function makeMatrix() {
  const random = createRandom(1, 'bench');
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * columns));
  for (let i = 0; i < values.length; i++) values[i] = i % 13 === 0 ? Number.NaN : random.normal();
  return {
    values,
    rows,
    columns: Array.from({ length: columns }, (_, i) => ({ name: `column_${i}` })),
  };
}

/** Runs one piece of work three times, and keeps the fastest run and the longest wait of the event loop. */
async function measure(work, run) {
  let best = Number.POSITIVE_INFINITY;
  let longestWait = 0;
  for (let i = 0; i < 3; i++) {
    let last = performance.now();
    const look = () => {
      longestWait = Math.max(longestWait, performance.now() - last);
      last = performance.now();
    };
    const timer = setInterval(look, 1);
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
    look();
    clearInterval(timer);
  }
  return { work, 'best of 3 (ms)': Math.round(best), 'event loop waited (ms)': Math.round(longestWait) };
}
