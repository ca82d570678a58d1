// Cancels trainings at ever other moments and prints, as JSON, the resident memory after each ten of them.
// Runs in a process of its own, with --expose-gc, on what was built.
import { createRandom } from '@risk-scoring/contract';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

const [rows, columns, tens] = [20_000, 60, 10];
const random = createRandom(1, 'cancelled');
// In ordinary memory, so that each training without prepared data makes a copy for its thread.
const values = Float32Array.from({ length: rows * columns }, () => random.normal());
const all = Int32Array.from({ length: rows }, (_, row) => row);
const data = {
  values,
  rows,
  columns: Array.from({ length: columns }, (_, i) => ({
    name: `c${i}`,
    group: '',
    kind: 'numeric',
    meaning: '',
    missing: '',
  })),
  keys: { processingDates: new Int32Array(rows), ids: Array.from(all, String) },
  splitGroups: all,
  splitGroupNames: [],
  queryIds: new Int32Array(rows),
  schemaHash: '',
};
const request = {
  data,
  trainRows: all.filter((row) => row % 5 > 0),
  validationRows: all.filter((row) => row % 5 === 0),
  labels: Int8Array.from(all, (row) => (values[row] + random.normal() > 0 ? 1 : 0)),
  weights: new Float32Array(rows).fill(1),
  seed: 1,
};
const trainer = createLightGBMTrainer({ maxRounds: 100_000, earlyStoppingRounds: 0, threads: 1 });
const codes = {};
const resident = [];
for (let ten = 0; ten < tens; ten++) {
  const prepared = await trainer.prepare(data, all);
  for (let i = 0; i < 10; i++) await cancelOne(i % 2 === 0 ? { ...request, prepared } : request, i);
  await prepared.dispose();
  globalThis.gc();
  resident.push(process.memoryUsage().rss / 1e6);
}
console.log(JSON.stringify({ codes, resident }));

/** Aborts while the thread starts, while rows are sorted into bins, and in the midst of iterations. */
async function cancelOne(request, i) {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(), i * 15);
  try {
    await trainer.train({ ...request, signal });
    codes.none = (codes.none ?? 0) + 1;
  } catch (error) {
    codes[error.code] = (codes[error.code] ?? 0) + 1;
  }
  clearTimeout(timer);
}
