// The figures that the real data must give: good enough to be learning, too good only with a leak.
import { readFileSync } from 'node:fs';

const { metrics, onnx_parity: parity } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const wrong = [];
// A plain LightGBM reaches about 0.94 on unseen addresses of these snapshots; 0.98 or more is a leak.
for (const [name, auc] of [
  ['test_auc', metrics.test_auc],
  ['cv_auc_mean', metrics.cv_auc_mean],
]) {
  if (!(auc > 0.88 && auc < 0.98)) wrong.push(`${name} is ${auc}, expected between 0.88 and 0.98`);
}
if (!(parity.max_probability_difference <= 1e-6))
  wrong.push(`ONNX differs by ${parity.max_probability_difference}`);
for (const line of wrong) console.error(`figures: ${line}`);
console.log(
  `Real data: AUC ${metrics.test_auc.toFixed(4)} on unseen addresses, ${metrics.cv_auc_mean.toFixed(4)} in cross-validation.`,
);
process.exit(wrong.length === 0 ? 0 : 1);
