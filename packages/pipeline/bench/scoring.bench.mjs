// How fast a large snapshot is scored end to end (features, ONNX of 100 trees, writing, publishing), what its pieces take alone, how much memory
// Node takes when the engine is another process, and how long one alert takes through a warm scorer. Figures depend on the machine, so
// each is told beside the plain ONNX pass over the same rows in the same run.
//
//   pnpm bench:scoring [--alerts 1000000] [--memory 200000,500000,1000000]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { scoreSnapshot } from '@risk-scoring/pipeline';
import { initDatabase } from '@risk-scoring/storage';
import { fillNetwork, fillSnapshot } from '../../features/bench/network-fixture.mjs';
import { cpuSeconds, measurePieces } from './scoring-pieces.mjs';
import { measureScoringMemory } from './server-memory.mjs';
import { trainHundredTrees } from './train-hundred-trees.mjs';

const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '200000,500000,1000000' },
  },
});
const alerts = Number(values.alerts);
const windowDays = 30;
const targetPerSecond = 30_000;
const trainingSnapshots = 5;

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const dataDir = path.join(folder, 'data');
let { database } = await initDatabase({ network: 'bench', dataDir });
const trainingDates = await fillNetwork(database, 20_000, trainingSnapshots);
const model = await trainHundredTrees(database, {
  outputDir: path.join(folder, 'models'),
  startDate: trainingDates[0],
  endDate: trainingDates.at(-1),
  windowDays,
});
const date = await fillSnapshot(database, { snapshot: trainingSnapshots, alerts });

const pieces = await measurePieces(database, { model, date, windowDays });
const ends = [];
const cores = [];
for (let round = 0; round < 2; round++) {
  const started = performance.now();
  const usage = process.cpuUsage();
  const result = await scoreSnapshot(database, { date, windowDays, model: model.metadata.model_id });
  if (result.alerts !== alerts) throw new Error(`${result.alerts} alerts were scored`);
  ends.push((performance.now() - started) / 1000);
  cores.push(cpuSeconds(usage));
}
const end = Math.min(...ends);
console.log(
  `${end.toFixed(1).padStart(6)} s  end to end: ${Math.round(alerts / end).toLocaleString('en')} alerts/s (target: ${targetPerSecond.toLocaleString('en')}), ${(end / pieces.onnx).toFixed(1)} × ONNX alone, ${(end / pieces.sum).toFixed(2)} × the pieces one after another; ${Math.min(...cores).toFixed(1)} s of a core`,
);

const sizes = values.memory.split(',').filter(Boolean).map(Number);
const dates = [];
for (const [index, size] of sizes.entries()) {
  const own = await fillSnapshot(database, { snapshot: trainingSnapshots + 1 + index, alerts: size });
  dates.push({ size, date: own });
}
await database.close();
database = undefined;
await measureScoringMemory({ dataDir, dates, windowDays, model: model.metadata.model_id });
