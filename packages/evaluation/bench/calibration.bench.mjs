import { createRandom } from '@risk-scoring/contract';
import {
  calibrate,
  chooseCalibration,
  chooseThreshold,
  createRandomSplitter,
  createTemporalSplitter,
  fitIsotonic,
  fitPlatt,
} from '@risk-scoring/evaluation';
import { measure } from './table.mjs';

const random = createRandom(3, 'bench');
const rows = 200_000;
const logits = Float64Array.from({ length: rows }, () => 1.5 * random.normal() - 2);
const scores = logits.map((logit) => 1 / (1 + Math.exp(-2.5 * logit)));
const labels = Int8Array.from(logits, (logit) => (random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0));
const folds = Int32Array.from(labels, () => random.integer(5));
const processingDates = Int32Array.from(labels, (_, row) => 20_000 + Math.floor(row / 1000));
const request = {
  rows: Int32Array.from(labels.keys()),
  keys: { processingDates, ids: [] },
  labels,
  splitGroups: Int32Array.from(labels, () => random.integer(60_000)),
  seed: 1,
};
const { calibration } = fitIsotonic({ labels, scores });
const budget = {
  rule: { by: 'budget', alertsPerDay: 50 },
  budgetScores: scores,
  budgetSnapshots: processingDates,
};

console.table([
  measure('temporal holdout of unseen addresses, 200k rows', () =>
    createTemporalSplitter({ purgeDays: 6, unseenOnly: true }).holdout(request, 0.2),
  ),
  measure('5 temporal folds, 200k rows', () => createTemporalSplitter().folds(request, 5)),
  measure('random holdout, 200k rows', () => createRandomSplitter().holdout(request, 0.2)),
  measure('Platt scaling fitted on 200k rows', () => fitPlatt({ labels, scores })),
  measure('isotonic calibration fitted on 200k rows', () => fitIsotonic({ labels, scores })),
  measure('isotonic calibration of 200k scores', () => calibrate(calibration, scores)),
  measure('calibration chosen on 200k rows in 5 folds', () => chooseCalibration({ labels, scores, folds })),
  measure('threshold by F1, 200k rows', () => chooseThreshold({ labels, scores, rule: { by: 'f1' } })),
  measure('threshold by budget, 200k alerts', () => chooseThreshold({ labels, scores, ...budget })),
]);
