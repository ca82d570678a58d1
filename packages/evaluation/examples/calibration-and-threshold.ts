// Turn scores into probabilities that can be believed, and pick the threshold that a team of ten can work with.
//   node examples/calibration-and-threshold.ts    (Node 22.18 or later runs TypeScript as it is)

import { createRandom } from '@risk-scoring/contract';
import {
  brierScore,
  calibrate,
  chooseCalibration,
  chooseThreshold,
  parseThresholdRule,
} from '@risk-scoring/evaluation';

// Scores of 4,000 alerts in 20 snapshots, too sure of themselves. Each was given by a model that did not learn from the alert's address; the
// folds are those of the addresses. In practice cross-validation gives both.
const random = createRandom(11, 'example');
const logits = Float64Array.from({ length: 4000 }, () => 1.5 * random.normal() - 2);
const truth = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
const scores = logits.map((logit) => 1 / (1 + Math.exp(-2.5 * logit)));
const labels = Int8Array.from(truth, (probability) => (random.next() < probability ? 1 : 0));
const folds = Int32Array.from(labels, () => random.integer(5));
const snapshots = Int32Array.from(labels, (_, row) => 20_000 + Math.floor(row / 200));

const { calibration, brier } = chooseCalibration({ labels, scores, folds });
console.log('Brier scores on left-out folds:', brier);
console.log('chosen:', calibration.method === 'platt' ? calibration : calibration.method);

const probabilities = calibrate(calibration, scores);
console.log(`Brier score before ${brierScore(labels, scores).toFixed(4)}`);
console.log(`       and after ${brierScore(labels, probabilities).toFixed(4)}`);

for (const text of ['f1', 'precision:0.9', 'recall:0.8', 'budget:10']) {
  const chosen = chooseThreshold({
    labels,
    scores: probabilities,
    rule: parseThresholdRule(text),
    // Here every alert is labelled; where not, all of them go in here.
    budgetScores: probabilities,
    budgetSnapshots: snapshots,
  });
  if (chosen.threshold === null) {
    console.log(`${text}: no threshold; ${chosen.reason}`);
    continue;
  }
  const { threshold, precision, recall, flagged_per_day } = chosen;
  console.log(
    `${text}: flag from ${threshold.toFixed(3)} on: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, ${flagged_per_day} a day`,
  );
}
