// The main job on simulated data, as a user would run it, command by command.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, toolEnvironment } from './pnpm.mjs';

const cli = path.join(root, 'apps', 'cli', 'bin', 'risk-scoring.js');
const home = path.join('.risk-scoring', 'demo');
const snapshots = path.join(home, 'snapshots');
const models = path.join(home, 'trained_models');
const network = 'simnet';
const window = ['--window-days', '30'];
const place = ['--network', network, '--data-dir', home];

rmSync(path.join(root, home), { recursive: true, force: true });

step('Simulate six weekly snapshots of a made-up network', [
  'simulate',
  '--out',
  snapshots,
  '--network',
  network,
]);
step('Make its ClickHouse database, in this folder', ['init', ...place]);
const ingested = JSON.parse(
  step('Verify and ingest the snapshots', ['ingest', ...place, '--from', snapshots, '--json'], {
    quiet: true,
  }),
);
const dates = ingested.map((snapshot) => snapshot.processingDate);
const [first, last] = [dates[0], dates.at(-1)];
const learned = dates.at(-2);
console.log(
  `${ingested.length} snapshots, ${sum(ingested.map((snapshot) => snapshot.rows.raw_alerts))} alerts.`,
);

const model = JSON.parse(
  step(
    'Train LightGBM on all but the last snapshot',
    [
      'train',
      ...place,
      '--start-date',
      first,
      '--end-date',
      learned,
      ...window,
      '--output-dir',
      models,
      '--json',
    ],
    { quiet: true },
  ),
);
step('Show the model: figures on addresses it never saw', ['models', 'show', model.model_id, ...place]);
const scored = JSON.parse(
  step(
    'Score the last snapshot through ONNX Runtime',
    ['score', ...place, '--date', last, ...window, '--json'],
    {
      quiet: true,
    },
  ),
);
summarise();

function step(title, args, { quiet = false } = {}) {
  const shown = args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg)).join(' ');
  console.log(`\n── ${title}\n$ npx risk-scoring ${shown}`);
  const { status, stdout } = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: toolEnvironment,
  });
  if (status !== 0) process.exit(status ?? 1);
  if (!quiet) process.stdout.write(stdout);
  return stdout;
}

function summarise() {
  const { metrics, data_stats: stats } = model;
  const [low, high] = metrics.test_intervals.auc;
  const folder = path.join(models, network);
  const report = readdirSync(folder).find((name) => name.endsWith('.report.html')) ?? '';
  console.log(`
── Summary
A LightGBM model of ${model.num_trees} trees learned from ${stats.num_train + stats.num_validation} labelled alerts with ${stats.num_features} features,
and was judged on ${stats.num_holdout} alerts of ${stats.num_holdout_addresses} addresses that it had never seen:

  AUC     ${metrics.test_auc.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}): it ranks a suspicious alert above a normal one that often; 0.5 is chance.
  PR-AUC  ${metrics.test_pr_auc.toFixed(3)}: precision averaged down its ranking; chance would give ${metrics.test_positive_rate.toFixed(3)}.
  Brier   ${metrics.test_brier.toFixed(3)}: mean squared error of its probabilities; always saying the base rate gives ${(metrics.test_positive_rate * (1 - metrics.test_positive_rate)).toFixed(3)}.

Then it scored all ${scored.alerts} alerts of ${scored.processing_date}, a snapshot it was not trained on.

  Report     ${path.join(folder, report)}  (open it in a browser)
  Models     ${folder}  (.txt LightGBM, .onnx, .json metadata, .holdout.txt, .evaluation.json)
  Snapshots  ${snapshots}
  Database   ${home}

Next, on your own snapshots:
  npx risk-scoring init --network ethereum
  npx risk-scoring ingest --network ethereum --from <folder of snapshots>
  npx risk-scoring train --network ethereum --start-date … --end-date … --window-days 30
or look around in this one:
  npx risk-scoring models list --network ${network} --data-dir ${home}`);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
