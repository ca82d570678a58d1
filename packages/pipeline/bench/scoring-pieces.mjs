import { buildFeatureMatrix, partsOfSnapshot } from '@risk-scoring/features';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { insertColumns } from '@risk-scoring/storage';

/** Features of a part, as the pipeline bounds them. */
const PART_BYTES = 120_000_000;

/**
 * What the pieces of a scoring take alone, one after another: features in parts, ONNX, writing; and one alert through a warm scorer.
 *
 * @returns seconds: of ONNX alone, and of all
 */
export async function measurePieces(database, { model, date, windowDays }) {
  const { metadata, artifacts } = model;
  const onnx = artifacts.find(({ role }) => role === 'onnx');
  const scorer = await openOnnxScorer(onnx.bytes);
  const mostRows = Math.floor(PART_BYTES / 4 / metadata.feature_names.length);
  const seconds = { cutting: 0, features: 0, onnx: 0, writing: 0 };
  const cpu = { cutting: 0, features: 0, onnx: 0, writing: 0 };
  const timed = async (piece, work) => {
    const started = performance.now();
    const usage = process.cpuUsage();
    const result = await work();
    seconds[piece] += (performance.now() - started) / 1000;
    cpu[piece] += cpuSeconds(usage);
    return result;
  };

  const parts = await timed('cutting', () =>
    partsOfSnapshot(database, { processingDate: date, windowDays, mostRows }),
  );
  let rows = 0;
  let last;
  for (const part of parts) {
    const plan = metadata.feature_plan;
    const matrix = await timed('features', () => buildFeatureMatrix(database, { snapshots: [part], plan }));
    const { probability } = await timed('onnx', () => scorer.score(matrix));
    await timed('writing', () => write(database, { matrix, probability, date, windowDays }));
    rows += matrix.rows;
    last = matrix;
  }
  await database.command({
    sql: `ALTER TABLE ${database.mutable('alert_scores')} DELETE WHERE batch_id = 'bench'`,
    doing: 'removing what the benchmark wrote',
    settings: { mutations_sync: '2' },
  });
  const sum = Object.values(seconds).reduce((total, each) => total + each, 0);
  console.log(
    `${rows.toLocaleString('en')} alerts × ${metadata.feature_names.length} features in ${parts.length} parts of at most ${PART_BYTES / 1e6} MB`,
  );
  for (const [piece, each] of Object.entries(seconds)) {
    console.log(
      `${each.toFixed(1).padStart(6)} s  ${piece} alone (${Math.round((100 * each) / sum)} %), ${(each / seconds.onnx).toFixed(1)} × ONNX; ${cpu[piece].toFixed(1)} s of a core`,
    );
  }
  await measureSingleRows(scorer, last);
  await scorer.dispose();
  return { onnx: seconds.onnx, sum };
}

/** Seconds of a core that this process took since, the engine within it and all threads included. */
export function cpuSeconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function write(database, { matrix, probability, date, windowDays }) {
  return insertColumns(database, {
    table: 'alert_scores',
    columns: [
      { name: 'alert_id', type: 'String', values: matrix.keys.ids },
      {
        name: 'address',
        type: 'String',
        values: { codes: matrix.splitGroups, values: matrix.splitGroupNames },
      },
      { name: 'score', type: 'Float64', values: probability },
    ],
    constants: {
      processing_date: { type: 'Date', value: date },
      window_days: { type: 'UInt16', value: windowDays },
      batch_id: { type: 'String', value: 'bench' },
    },
    rows: matrix.rows,
    doing: 'writing scores',
  });
}

async function measureSingleRows(scorer, matrix) {
  const row = (index) => Int32Array.of((index * 7919) % matrix.rows);
  const micros = new Float64Array(20_000);
  for (let index = -2000; index < micros.length; index++) {
    const rows = row(index + 2000);
    const started = performance.now();
    await scorer.score(matrix, { rows });
    if (index >= 0) micros[index] = (performance.now() - started) * 1000;
  }
  micros.sort();
  const at = (share) => micros[Math.floor(share * micros.length)].toFixed(0);
  console.log(
    `${at(0.5).padStart(6)} µs for one alert through a warm scorer, the median; 95 % within ${at(0.95)} µs (target: less than 100 µs)`,
  );
}
