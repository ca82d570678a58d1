// Counts how often each feature is split on, from the text of a LightGBM model.
// node inspect-model.js model.txt
import { readFile } from 'node:fs/promises';
import { parseLightGBMModel } from '@risk-scoring/onnx';

const model = parseLightGBMModel(await readFile(process.argv[2] ?? 'model.txt', 'utf8'));
const splits = new Int32Array(model.featureNames.length);
for (const feature of model.splitFeature) splits[feature] = (splits[feature] ?? 0) + 1;

console.log(`${model.trees} trees, ${model.leafValue.length} leaves, objective ${model.objective?.name}`);
const ranked = model.featureNames.map((name, feature) => ({ name, splits: splits[feature] ?? 0 }));
console.table(ranked.sort((a, b) => b.splits - a.splits).slice(0, 20));
