// Converts a LightGBM model file, proves that the twin scores the same, and scores with it.
// node convert-and-score.js model.txt
import { readFile, writeFile } from 'node:fs/promises';
import type { FeatureMatrix } from '@risk-scoring/contract';
import { convertLightGBMToOnnx, openOnnxScorer, proveParity } from '@risk-scoring/onnx';

const modelFile = process.argv[2] ?? 'model.txt';
const onnx = convertLightGBMToOnnx(await readFile(modelFile, 'utf8'));
await writeFile('model.onnx', onnx);

const scorer = await openOnnxScorer(onnx, { modelId: modelFile });
const matrix = oneRowOfZeros(scorer.featureNames);
const { raw, probability } = await scorer.score(matrix);
console.log(`P(illicit) = ${probability[0]}`);

// Where the native model is at hand, its predictions of the same rows take the place of these.
const report = await proveParity({ scorer, matrix, rows: Int32Array.of(0), native: { raw, probability } });
console.log(`equal within ${report.maxProbabilityDifference} on ${report.rows} rows`);
await scorer.dispose();

/** Stands in for the features package: one row in which every feature is 0. */
function oneRowOfZeros(names: readonly string[]): FeatureMatrix {
  return {
    values: new Float32Array(names.length),
    rows: 1,
    columns: names.map((name) => ({
      name,
      group: 'example',
      kind: 'numeric',
      meaning: name,
      missing: 'unknown',
    })),
    keys: { processingDates: Int32Array.of(18_000), ids: ['alert-1'] },
    splitGroups: Int32Array.of(0),
    splitGroupNames: ['0xabc'],
    queryIds: Int32Array.of(0),
    schemaHash: 'example',
  };
}
