// Lint, types and every test of every package, ending with one line that counts them all.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, run, runOrExit } from './pnpm.mjs';

const report = path.join('.reports', 'vitest.json');
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(path.join(root, parent)).map((name) => path.join(root, parent, name)),
);

console.log('Lint …');
runOrExit('biome', ['check', '.', '--error-on-warnings']);
runOrExit(process.execPath, ['scripts/check-arrows.mjs']);
console.log('Types …');
runOrExit('turbo', ['run', 'typecheck', '--output-logs=errors-only', '--ui=stream']);
console.log('Tests …');
for (const folder of folders) rmSync(path.join(folder, report), { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const { status } = run('turbo', [
  'run',
  'test',
  '--continue',
  '--ui=stream',
  '--concurrency=2',
  '--',
  ...reporters,
  ...process.argv.slice(2),
]);

const total = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
for (const folder of folders) {
  const counts = readReport(folder);
  if (counts === undefined) broken.push(path.relative(root, folder));
  else for (const key of Object.keys(total)) total[key] += counts[key];
}
for (const folder of broken) console.error(`${folder}: its tests did not finish`);
console.log(
  `Tests: ${total.passed} passed, ${total.failed + broken.length} failed, ${total.skipped} skipped`,
);
process.exit(status === 0 && broken.length === 0 && total.failed === 0 ? 0 : 1);

function readReport(folder) {
  try {
    const json = JSON.parse(readFileSync(path.join(folder, report), 'utf8'));
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch {
    return undefined;
  }
}
