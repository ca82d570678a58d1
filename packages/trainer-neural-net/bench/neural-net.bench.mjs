// Usage: node bench/neural-net.bench.mjs [rows] [columns] [epochs]
import { createRandom } from '@risk-scoring/contract';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { createNeuralNetTrainer } from '@risk-scoring/trainer-neural-net';

const [rows = 30_000, columns = 114, epochs = 5] = process.argv.slice(2).map(Number);
const { data, labels } = makeMatrix();
const all = Int32Array.from({ length: rows }, (_, row) => row);
const request = {
  data,
  trainRows: all,
  validationRows: new Int32Array(),
  labels,
  weights: new Float32Array(rows).fill(1),
  seed: 1,
};

const ends = [performance.now()];
const onProgress = () => ends.push(performance.now());
const model = await createNeuralNetTrainer({ maxEpochs: epochs }).train({ ...request, onProgress });
const perEpoch = ends.slice(2).map((end, i) => end - ends[i + 1]);
console.table([
  { work: 'start, scaling and the first epoch', ms: Math.round(ends[1] - ends[0]) },
  { work: 'one further epoch, best', ms: Math.round(Math.min(...perEpoch)) },
]);
const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
const scorer = await openOnnxScorer(onnx.bytes);
console.table([
  await measure('score all rows', () => model.predict(data)),
  await measure('score one row', () => model.predict(data, { rows: Int32Array.of(7) })),
  await measure('write both files', () => model.artifacts()),
  await measure('score all rows by ONNX', () => scorer.score(data)),
]);
await scorer.dispose();

/** Every third column is heavy-tailed, and every second lacks one value in ten; two tell the label. */
function makeMatrix() {
  const random = createRandom(1, 'bench');
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * columns));
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const x = random.normal();
      const known = column % 3 === 0 ? Math.exp(2 * x) : x;
      values[column * rows + row] = column % 2 === 1 && random.next() < 0.1 ? Number.NaN : known;
    }
  }
  const labels = Int8Array.from({ length: rows }, (_, row) =>
    Math.log(values[row]) + values[2 * rows + row] + random.normal() > 1.5 ? 1 : 0,
  );
  const names = Array.from({ length: columns }, (_, i) => ({ name: `column_${i}` }));
  return { data: { values, rows, columns: names }, labels };
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
  return { work, 'best of 3 (ms)': best.toFixed(1), 'event loop waited (ms)': Math.round(longestWait) };
}
