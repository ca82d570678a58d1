import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const script = `
  import { Booster, Dataset, openLightGBMSession } from '@risk-scoring/lightgbm';
  const rows = 200;
  const values = Float32Array.from({ length: 2 * rows }, (_, i) => i < rows ? i % 17 : 0);
  const label = Float32Array.from({ length: rows }, (_, i) => (i % 17) % 2);
  const talkative = { objective: 'binary', verbosity: 2, metric: 'auc' };
  const dataset = Dataset.fromColumns({ values, rows, columns: 2, label, parameters: talkative });
  const booster = Booster.create(dataset, talkative);
  for (let i = 0; i < 5; i++) booster.updateOneIteration();
  booster.predict({ values, rows, columns: 2 });
  try { Booster.create(dataset, { objective: 'no such thing' .replaceAll(' ', '_') }); } catch {}
  const matrix = { values, rows, columns: ['a', 'b'] };
  const session = await openLightGBMSession({ onLog: (entry) => console.error('log', entry.level, entry.message) });
  const handle = await session.createDataset({ matrix, parameters: talkative });
  const trainRows = Int32Array.from({ length: rows }, (_, i) => i);
  await session.train({ dataset: handle, trainRows, labels: label, maxRounds: 3, parameters: talkative });
  await session.train({ dataset: handle, trainRows, labels: new Float32Array(rows), maxRounds: 3, parameters: talkative });
`;

describe('a training in a process of its own', () => {
  it('prints nothing on stdout, hands over its log, and ends although nobody disposed of the session', async () => {
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd });
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('log info Total Bins');
    expect(run.stderr).toContain('log warning Contains only one class');
  });
});
