// Usage: node bench/xgboost.bench.mjs [rows] [columns] [rounds]
// Training through this package against the same calls of the library in one loop on this thread, and what follows a training.
import { availableParallelism } from 'node:os';
import { createRandom } from '@risk-scoring/contract';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { createXGBoostTrainer, describeXGBoost } from '@risk-scoring/trainer-xgboost';
import koffi from 'koffi';

const [rows = 100_000, columns = 40, rounds = 50] = process.argv.slice(2).map(Number);
const threads = availableParallelism();
const { path, version } = describeXGBoost();
const data = makeMatrix();
const labels = Int8Array.from({ length: rows }, (_, row) => ((data.values[row] || 0) > 0.3 ? 1 : 0));
const request = {
  data,
  trainRows: Int32Array.from({ length: rows }, (_, row) => row),
  validationRows: new Int32Array(),
  labels,
  weights: new Float32Array(rows).fill(1),
  seed: 1,
};
const trainer = createXGBoostTrainer({ maxRounds: rounds, threads });
const loop = rawLoop();

const model = await trainer.train(request);
const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
const scorer = await openOnnxScorer(onnx.bytes);
console.log(`XGBoost ${version}, ${threads} threads, ${rows} rows × ${columns} columns, ${rounds} rounds`);
// Taken in turns, so that both see the same machine.
const [ours, raw] = await measureInTurns([
  ['train through this package', () => trainer.train(request), rows * rounds],
  ['the same calls in one loop', loop, rows * rounds],
]);
const others = [
  ['predict all rows', () => model.predict(data), rows],
  ['predict one row', () => model.predict(data, { rows: Int32Array.of(7) }), 1],
  ['write both files', () => model.artifacts(), 0],
  ['score all rows by ONNX', () => scorer.score(data), rows],
];
const rest = [];
for (const piece of others) rest.push(...(await measureInTurns([piece])));
console.table([ours, raw, ...rest]);
await scorer.dispose();

/** The least that a training is: a matrix row by row, the rounds, the model's bytes. */
function rawLoop() {
  const library = koffi.load(path);
  const bind = (signature) => {
    const run = library.func(signature);
    return (...args) => {
      if (run(...args) !== 0) throw new Error(signature);
    };
  };
  const matrixOf = bind(
    'int XGDMatrixCreateFromMat(const float* a, uint64_t r, uint64_t c, float m, void** o)',
  );
  const setInfo = bind('int XGDMatrixSetFloatInfo(void* h, const char* f, const float* a, uint64_t n)');
  const boosterOf = bind('int XGBoosterCreate(void** m, uint64_t n, void** o)');
  const setParameter = bind('int XGBoosterSetParam(void* h, const char* n, const char* v)');
  const update = bind('int XGBoosterUpdateOneIter(void* h, int i, void* m)');
  const save = bind('int XGBoosterSaveModelToBuffer(void* h, const char* c, uint64_t* n, void** o)');
  const freeMatrix = bind('int XGDMatrixFree(void* h)');
  const freeBooster = bind('int XGBoosterFree(void* h)');
  return () => {
    const dense = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        dense[row * columns + column] = data.values[column * rows + row];
    const out = new BigUint64Array(1);
    matrixOf(dense, rows, columns, Number.NaN, out);
    const [matrix] = out;
    setInfo(matrix, 'label', Float32Array.from(labels), rows);
    setInfo(matrix, 'weight', request.weights, rows);
    boosterOf(BigUint64Array.of(matrix), 1, out);
    const [booster] = out;
    const parameters = {
      objective: 'binary:logistic',
      max_depth: 6,
      learning_rate: 0.1,
      tree_method: 'hist',
    };
    for (const [name, value] of Object.entries({ ...parameters, nthread: threads, seed: 1 }))
      setParameter(booster, name, String(value));
    for (let round = 0; round < rounds; round++) update(booster, round, matrix);
    save(booster, '{"format":"json"}', new BigUint64Array(1), out);
    freeBooster(booster);
    freeMatrix(matrix);
  };
}

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

/** Runs pieces of work in turns, three times each, and keeps the fastest run of each. */
async function measureInTurns(pieces) {
  const best = pieces.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < 3; turn++) {
    for (const [at, [, run]] of pieces.entries()) {
      const start = performance.now();
      await run();
      best[at] = Math.min(best[at], performance.now() - start);
    }
  }
  return pieces.map(([work, , count], at) => ({
    work,
    'best of 3 (ms)': Number(best[at].toFixed(1)),
    'rows (× rounds) a second': count === 0 ? '' : Math.round((1000 * count) / best[at]).toLocaleString('en'),
  }));
}
