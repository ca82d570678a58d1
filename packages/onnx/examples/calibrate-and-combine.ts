// Combines two ONNX models of the same features, builds a calibration in, and tells what came of it.
// node calibrate-and-combine.js first.onnx second.onnx
import { readFile, writeFile } from 'node:fs/promises';
import { calibrateOnnx, combineOnnxModels, readOnnxMetadata } from '@risk-scoring/onnx';

const files = [process.argv[2] ?? 'model.onnx', process.argv[3] ?? 'model.onnx'];
const members = await Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
const { featureNames } = readOnnxMetadata(await readFile(files[0] ?? ''));

const ensemble = combineOnnxModels({
  name: 'ensemble',
  members,
  featureNames,
  combine: { method: 'average', weights: [2, 1] },
  properties: { source: files.join(' + ') },
});
const calibrated = calibrateOnnx(ensemble, { method: 'isotonic', x: [0.1, 0.5, 0.9], y: [0.02, 0.3, 0.95] });
await writeFile('ensemble.onnx', calibrated);
console.log(readOnnxMetadata(calibrated));
