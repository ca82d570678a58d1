// Five-fold cross-validation on bins that are found once, against five trainings that each find their own; and how far the
// process grows meanwhile, in copies of the matrix.
// Usage: pnpm run bench [rows] [columns] [rounds]
import { availableParallelism, loadavg } from 'node:os';
import { createRandom } from '@risk-scoring/contract';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

const [rows = 60_000, columns = 56, rounds = 60] = process.argv.slice(2).map(Number);
const folds = 5;
const { data, labels } = createProblem();
const all = Int32Array.from({ length: rows }, (_, row) => row);
const weights = new Float32Array(rows).fill(1);
const trainer = createLightGBMTrainer({ maxRounds: rounds, earlyStoppingRounds: rounds });
const matrixMegabytes = data.values.byteLength / 1e6;

await measure(warmUp);
const lines = [];
for (let i = 0; i < 2; i++) {
  lines.push({ way: 'bins found once', ...(await measure(shareBins)) });
  lines.push({ way: 'bins of each fold', ...(await measure(ownBins)) });
}
console.log(
  `${rows} × ${columns} (${matrixMegabytes.toFixed(0)} MB), ${folds} folds of ${rounds} rounds, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`,
);
console.table(lines);
const least = (way) => Math.min(...lines.filter((line) => line.way === way).map((line) => line['time (s)']));
console.log(
  `best of each: ${(least('bins found once') / least('bins of each fold')).toFixed(2)} (target ≤ 0.85)`,
);

async function shareBins(growth) {
  const prepared = await trainer.prepare(data, all);
  growth.prepared();
  for (let fold = 0; fold < folds; fold++) await trainFold(fold, { prepared });
  await prepared.dispose();
}

async function ownBins() {
  for (let fold = 0; fold < folds; fold++) await trainFold(fold, {});
}

async function warmUp() {
  await trainFold(0, {});
}

async function trainFold(fold, shared) {
  const model = await trainer.train({
    data,
    ...shared,
    trainRows: all.filter((row) => row % folds !== fold && row % 7 > 0),
    validationRows: all.filter((row) => row % folds !== fold && row % 7 === 0),
    labels,
    weights,
    seed: 1,
  });
  await model.dispose();
}

/** The time of some work, and by how much resident memory was above that of its start at most: as a whole, and after the bins were there. */
async function measure(work) {
  const resident = () => process.memoryUsage.rss() / 1e6;
  const start = resident();
  let [most, prepared, mostPrepared] = [start, undefined, start];
  const timer = setInterval(() => {
    most = Math.max(most, resident());
    if (prepared !== undefined) mostPrepared = Math.max(mostPrepared, resident());
  }, 5);
  const started = performance.now();
  await work({
    prepared() {
      prepared = resident();
      mostPrepared = prepared;
    },
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  const inMatrices = (megabytes) => Number((megabytes / matrixMegabytes).toFixed(2));
  return {
    'time (s)': Number(seconds.toFixed(2)),
    'growth (matrices)': inMatrices(most - start),
    'growth after prepare (matrices)': prepared === undefined ? '' : inMatrices(mostPrepared - prepared),
  };
}

function createProblem() {
  const random = createRandom(1, 'features');
  const values = new Float32Array(new SharedArrayBuffer(rows * columns * 4));
  for (let i = 0; i < values.length; i++) values[i] = random.normal();
  const labels = Int8Array.from({ length: rows }, (_, row) => {
    const logit = 2 * values[row] + values[rows + row] * values[2 * rows + row];
    return random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
  const names = Array.from({ length: columns }, (_, i) => ({
    name: `feature_${i}`,
    group: '',
    kind: 'numeric',
    meaning: '',
    missing: '',
  }));
  const rowNumbers = Int32Array.from({ length: rows }, (_, row) => row);
  return {
    labels,
    data: {
      values,
      rows,
      columns: names,
      keys: { processingDates: new Int32Array(rows), ids: [] },
      splitGroups: rowNumbers,
      splitGroupNames: [],
      queryIds: new Int32Array(rows),
      schemaHash: '',
    },
  };
}
