// Writes the report and the card of a saved model, without a database: so nothing is said of drift.
// Run: node render-report.js trained_models/simnet/….json [folder]
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readStoredModel } from '@risk-scoring/model-storage';
import { renderModelCard, renderReport } from '@risk-scoring/reports';

const [file, folder = '.'] = process.argv.slice(2);
if (file === undefined) throw new Error('name the .json of a model');
const { metadata, evaluation } = await readStoredModel(file);
const content = {
  metadata,
  evaluation,
  drift: null,
  withoutDrift: 'there is no database to read a snapshot from',
  modelFile: { name: path.basename(file) },
};
await writeFile(path.join(folder, 'report.html'), await renderReport(content));
await writeFile(path.join(folder, 'card.md'), renderModelCard(content));
console.log(`${metadata.model_id}: report.html and card.md in ${path.resolve(folder)}`);
