// Lint, types and every test of every package, ending with one line that counts them all.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, run, runOrExit } from './pnpm.mjs';

const report = path.join('.reports', 'vitest.json');
const MESSAGE_LINES = 12;
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

const total = { passed: 0, skipped: 0 };
// Named once more at the end, as the output above is long and of several packages at once.
const failures = [];
for (const folder of folders) {
  const results = readReport(folder);
  if (results === undefined) {
    failures.push(`${path.relative(root, folder)}: its tests did not finish`);
    continue;
  }
  total.passed += results.numPassedTests;
  total.skipped += results.numPendingTests + results.numTodoTests;
  failures.push(...results.testResults.flatMap(failuresOf));
}
for (const failure of failures) console.log(`Failed: ${failure}`);
console.log(`Tests: ${total.passed} passed, ${failures.length} failed, ${total.skipped} skipped`);
process.exit(status === 0 && failures.length === 0 ? 0 : 1);

function readReport(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, report), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Each failed test of a file with what it said; the file itself, if it could not be loaded. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${file}\n${shorten(message)}`] : [];
  return failed.map((test) => `${file} > ${test.fullName}\n${shorten(test.failureMessages.join('\n'))}`);
}

function shorten(message) {
  const lines = message.split('\n').filter((line) => !line.includes('node_modules'));
  return lines
    .slice(0, MESSAGE_LINES)
    .map((line) => `  ${line}`)
    .join('\n');
}
