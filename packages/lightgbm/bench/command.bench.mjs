// Iterations in a session against LightGBM's own command on the same binned data, with the same parameters and threads.
// The command is built once (`node scripts/build-native.mjs --cli`, about four minutes), for this benchmark only.
// Usage: pnpm run bench:command [rows] [columns] [rounds] [threads]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@risk-scoring/contract';
import { Dataset, describeLibrary, openLightGBMSession } from '@risk-scoring/lightgbm';
import koffi from 'koffi';
import { datasetInternals } from '../dist/dataset.js';

const [rows = 100_000, columns = 56, rounds = 60, threads = availableParallelism()] = process.argv
  .slice(2)
  .map(Number);
const repetitions = 3;
const parameters = {
  objective: 'binary',
  deterministic: true,
  force_col_wise: true,
  is_enable_sparse: false,
  bagging_fraction: 0.8,
  bagging_freq: 5,
  feature_fraction: 0.9,
  seed: 1,
  num_threads: threads,
};
// Both wait for their threads in the same way.
process.env.GOMP_SPINCOUNT ??= '1000';

const folder = mkdtempSync(join(tmpdir(), 'lightgbm-bench-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const command = buildCommand();
  const { matrix, labels } = createProblem();
  saveBinary(matrix, labels, join(folder, 'data.bin'));
  const session = await openLightGBMSession();
  const dataset = await session.createDataset({ matrix, parameters });
  const pairs = [];
  for (let i = 0; i < repetitions; i++) {
    const ours = await trainInSession(session, { dataset, labels });
    const theirs = trainByCommand(command);
    if (trees(ours.model) !== trees(theirs.model)) throw new Error('The two trained different trees.');
    pairs.push({
      'session (s)': ours.seconds,
      'command (s)': theirs.seconds,
      ratio: ours.seconds / theirs.seconds,
    });
  }
  await session.dispose();
  console.log(
    `LightGBM ${describeLibrary().version}, ${rows} × ${columns}, ${rounds} rounds, ${threads} threads, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}. The trees are the same.`,
  );
  console.table(
    pairs.map((pair) => Object.fromEntries(Object.entries(pair).map(([k, v]) => [k, Number(v.toFixed(3))]))),
  );
  const least = (key) => Math.min(...pairs.map((pair) => pair[key]));
  console.log(`best of each: ${(least('session (s)') / least('command (s)')).toFixed(3)} (target ≤ 1.05)`);
}

/** Times from the end of the first iteration to the end of the last one. */
async function trainInSession(session, { dataset, labels }) {
  const ends = [];
  const { model } = await session.train({
    dataset,
    trainRows: Int32Array.from({ length: rows }, (_, row) => row),
    labels,
    parameters,
    maxRounds: rounds,
    onProgress: ({ iteration }) => ends.push({ iteration, at: performance.now() }),
  });
  const [first, last] = [ends[0], ends.at(-1)];
  if (first.iteration !== 1 || last.iteration !== rounds) throw new Error('An iteration was not reported.');
  return { model, seconds: (last.at - first.at) / 1000 };
}

function trainByCommand(command) {
  const model = join(folder, 'model.txt');
  const settings = {
    task: 'train',
    data: join(folder, 'data.bin'),
    output_model: model,
    num_iterations: rounds,
    ...parameters,
  };
  const { status, stdout, stderr } = spawnSync(
    command,
    Object.entries(settings).map((pair) => pair.join('=')),
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  const elapsed = new Map(
    Array.from(
      stdout.matchAll(/([\d.]+) seconds elapsed, finished iteration (\d+)/g),
      ([, seconds, iteration]) => [Number(iteration), Number(seconds)],
    ),
  );
  return { model: readFileSync(model, 'utf8'), seconds: elapsed.get(rounds) - elapsed.get(1) };
}

function buildCommand() {
  const script = fileURLToPath(new URL('../scripts/build-native.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [script, '--cli'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return stdout.trim();
}

/** LightGBM's own file of a binned data set. The binding has no use for it, so it is called here. */
function saveBinary(matrix, labels, path) {
  const save = koffi
    .load(describeLibrary().path)
    .func('int LGBM_DatasetSaveBinary(void* handle, const char* filename)');
  const dataset = Dataset.fromColumns({
    ...matrix,
    columns,
    featureNames: matrix.columns,
    label: Float32Array.from(labels),
    parameters,
  });
  if (save(datasetInternals(dataset).handle.pointer, path) !== 0)
    throw new Error(`${path} could not be written.`);
  dataset.dispose();
}

function trees(model) {
  return model.slice(model.indexOf('Tree=0'), model.indexOf('end of trees'));
}

function createProblem() {
  const random = createRandom(1, 'features');
  const values = new Float32Array(new SharedArrayBuffer(rows * columns * 4));
  for (let i = 0; i < values.length; i++) values[i] = random.normal();
  const labels = Int8Array.from({ length: rows }, (_, row) => {
    const logit = 2 * values[row] + values[rows + row] * values[2 * rows + row];
    return random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
  const names = Array.from({ length: columns }, (_, column) => `feature_${column}`);
  return { matrix: { values, rows, columns: names }, labels };
}
