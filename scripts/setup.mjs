// Installs, builds, and compiles the native library; does nothing where nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installXGBoost } from './install-xgboost.mjs';
import { packageManager, root, run, runOrExit } from './pnpm.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `error: risk-scoring needs Node 20 or newer, this is ${process.version}. To do: install it from nodejs.org`,
  );
  process.exit(1);
}
install();
build();
installXGBoost();

function install() {
  const stamp = path.join(root, 'node_modules', '.risk-scoring-setup');
  const state = installationState();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  console.error('Installing the packages (about 1 GB on disk, once) …');
  runOrExit('npx', [
    '--yes',
    packageManager,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--loglevel=warn',
  ]);
  writeFileSync(stamp, state);
}

/** What an installation depends on: where it is the same as last time, there is nothing to install. */
function installationState() {
  const manifests = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .map((name) => path.join(folder, name, 'package.json'))
      .filter((file) => existsSync(path.join(root, file))),
  );
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests.sort()]) {
    hash.update(file).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

/** Everything is cached by its inputs: what did not change is not built again. */
function build() {
  const isNativeThere =
    existsSync(path.join(root, 'packages', 'lightgbm', 'native')) || process.env.LIGHTGBM_LIBRARY;
  if (!isNativeThere) {
    console.error('Building the native LightGBM from its sources (two to five minutes on 2 cores, once) …');
    runOrExit('turbo', ['run', 'build:native', '--output-logs=full', '--ui=stream', '--log-prefix=none']);
    console.error('Building the packages …');
  }
  const tasks = [
    'run',
    'build',
    'build:native',
    '--output-logs=errors-only',
    '--ui=stream',
    '--log-prefix=none',
  ];
  const { status, stdout } = run('turbo', tasks, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(stdout);
  process.exit(status ?? 1);
}
