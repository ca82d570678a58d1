// ONNX against native prediction: 200,000 rows × 56 features, and one row at a time.
// Run after a build: npm run bench
import { availableParallelism } from 'node:os';
import { createRandom } from '@risk-scoring/contract';
import { Booster, Dataset } from '@risk-scoring/lightgbm';
import {
  calibrateOnnx,
  combineOnnxModels,
  convertLightGBMToOnnx,
  openOnnxScorer,
  proveParity,
} from '@risk-scoring/onnx';

const rows = 200_000;
const columns = 56;
const cores = availableParallelism();
const { values, label } = makeData();
const matrix = {
  values,
  rows,
  columns: Array.from({ length: columns }, (_, i) => ({ name: `Column_${i}` })),
};

// node bench/score.bench.mjs 100: that many trees alone
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 1000];
for (const trees of sizes) await benchModel(trees);

async function benchModel(trees) {
  const booster = train(trees);
  const text = booster.saveToString();
  const converting = performance.now();
  const bytes = convertLightGBMToOnnx(text);
  report(`convert ${trees} trees to ${(bytes.length / 1e6).toFixed(2)} MB`, performance.now() - converting);

  const native = {};
  for (const threads of new Set([1, cores])) {
    await time(`native, ${trees} trees, ${threads} threads`, rows, () => {
      native.raw = booster.predict({ values, rows, columns, output: 'raw', threads });
    });
  }
  native.probability = booster.predict({ values, rows, columns });

  for (const sessions of new Set([1, cores])) {
    const scorer = await openOnnxScorer(bytes, { sessions });
    await scorer.score(matrix, { rows: Int32Array.from({ length: 10_000 }, (_, i) => i) }); // starts the threads
    await time(`ONNX, ${trees} trees, ${sessions} sessions`, rows, () => scorer.score(matrix));
    if (sessions === cores) await benchSingleRows(`${trees} trees`, booster, scorer);
    if (sessions === cores) console.log(await parity(scorer, native));
    await scorer.dispose();
  }
  booster.dispose();
  if (trees === 100) await benchEdited(bytes);
}

/** The same model with a calibration, and twice in one: by the best of five turns, taken in turn. */
async function benchEdited(bytes) {
  const knots = Array.from({ length: 100 }, (_, i) => i / 99);
  const featureNames = matrix.columns.map(({ name }) => name);
  const members = ['a', 'b'].map((name) => ({ name, bytes }));
  const combine = { method: 'average', weights: [1, 2] };
  const models = {
    uncalibrated: bytes,
    'calibrated (platt)': calibrateOnnx(bytes, { method: 'platt', slope: 0.8, intercept: 0.1 }),
    'calibrated (isotonic, 100 knots)': calibrateOnnx(bytes, {
      method: 'isotonic',
      x: knots,
      y: knots.map((x) => x * x),
    }),
    'combined with itself': combineOnnxModels({
      name: 'two',
      members,
      featureNames,
      combine,
      properties: {},
    }),
  };
  const scorers = new Map();
  for (const [name, model] of Object.entries(models))
    scorers.set(name, await openOnnxScorer(model, { sessions: 1 }));
  const best = new Map([...scorers.keys()].map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let turn = 0; turn < 5; turn++) {
    for (const [name, scorer] of scorers) {
      const start = performance.now();
      await scorer.score(matrix);
      best.set(name, Math.min(best.get(name), performance.now() - start));
    }
  }
  for (const [name, milliseconds] of best) {
    report(`ONNX, 100 trees, ${name}`, milliseconds, rows);
    console.log(`  ${(milliseconds / best.get('uncalibrated')).toFixed(2)} × uncalibrated`);
  }
  for (const scorer of scorers.values()) await scorer.dispose();
}

async function benchSingleRows(name, booster, scorer) {
  const calls = 20_000;
  const row = (i) => Int32Array.of((i * 7919) % rows);
  for (let i = 0; i < 2000; i++) await scorer.score(matrix, { rows: row(i) }); // warm up
  await time(`ONNX, ${name}, one row a call`, calls, async () => {
    for (let i = 0; i < calls; i++) await scorer.score(matrix, { rows: row(i) });
  });
  await time(`native, ${name}, one row a call`, calls, () => {
    for (let i = 0; i < calls; i++) {
      booster.predict({ values, rows, columns, selected: row(i), output: 'raw', threads: 1 });
    }
  });
}

async function parity(scorer, native) {
  return proveParity({ scorer, matrix, rows: Int32Array.from({ length: rows }, (_, i) => i), native });
}

async function time(name, count, work) {
  const start = performance.now();
  await work();
  report(name, performance.now() - start, count);
}

function report(name, milliseconds, count = 0) {
  const each = count === 0 ? '' : `  ${((milliseconds * 1000) / count).toFixed(2)} µs a row`;
  console.log(`${name.padEnd(52)}${milliseconds.toFixed(0).padStart(8)} ms${each}`);
}

function train(trees) {
  const parameters = { objective: 'binary', num_leaves: 31, num_threads: cores };
  const dataset = Dataset.fromColumns({ values, rows, columns, label, parameters });
  const booster = Booster.create(dataset, parameters);
  for (let i = 0; i < trees; i++) booster.updateOneIteration();
  dataset.dispose();
  return booster;
}

function makeData() {
  const random = createRandom(1, 'onnx-bench');
  const values = new Float32Array(rows * columns);
  const signal = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const base = random.normal();
      values[column * rows + row] = column % 7 === 1 && base > 1 ? Number.NaN : base;
      signal[row] += (base * ((column % 4) - 1.5)) / 4;
    }
  }
  return {
    values,
    label: Float32Array.from(signal, (z) => (random.next() < 1 / (1 + Math.exp(-z)) ? 1 : 0)),
  };
}
