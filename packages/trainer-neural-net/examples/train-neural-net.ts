// A neural net on made data: training with early stopping, its probabilities, its files, and the model that comes back from them.
// Run: node examples/train-neural-net.ts
import { createRandom, type FeatureMatrix } from '@risk-scoring/contract';
import { createNeuralNetTrainer } from '@risk-scoring/trainer-neural-net';

/** Alerts with an amount that is heavy-tailed and an age that is unknown for some; large and young ones are suspicious. */
function makeAlerts(rows: number) {
  const random = createRandom(1, 'alerts');
  const names = ['amount', 'age'];
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * names.length));
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [size, age] = [random.normal(), random.normal()];
    values[row] = Math.exp(2 * size + 5);
    values[rows + row] = random.next() < 0.2 ? Number.NaN : 100 + 30 * age;
    labels[row] = size - age + 0.5 * random.normal() > 1 ? 1 : 0;
  }
  const data: FeatureMatrix = {
    values,
    rows,
    columns: names.map((name) => ({
      name,
      group: 'made',
      kind: 'numeric',
      meaning: name,
      missing: 'unknown',
    })),
    keys: { processingDates: new Int32Array(rows), ids: Array.from({ length: rows }, (_, row) => `${row}`) },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `0x${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: 'made',
  };
  return { data, labels };
}

const { data, labels } = makeAlerts(4000);
const all = Int32Array.from({ length: data.rows }, (_, row) => row);
const trainer = createNeuralNetTrainer({ hiddenLayers: [32, 16], batchSize: 128, dropout: 0.1 });
const model = await trainer.train({
  data,
  trainRows: all.filter((row) => row % 5 > 1),
  validationRows: all.filter((row) => row % 5 === 1),
  labels,
  weights: new Float32Array(data.rows).fill(1),
  seed: 42,
  onProgress: ({ iteration, metric }) => console.error(`epoch ${iteration}: ${metric?.value.toFixed(4)}`),
});
const testRows = all.filter((row) => row % 5 === 0);
const scores = await model.predict(data, { rows: testRows });
const right = scores.filter((p, i) => p > 0.5 === (labels[testRows[i] ?? -1] === 1)).length;
console.log(`${right} of ${testRows.length} rows on the right side; epoch ${model.describe().bestIteration}`);

const files = await model.artifacts();
const loaded = await trainer.load(files);
const again = await loaded.predict(data, { rows: testRows });
console.log(files.map(({ extension, bytes }) => `${extension}: ${bytes.length} bytes`).join(', '));
console.log(`the loaded model scores the same: ${again.every((score, i) => score === scores[i])}`);
