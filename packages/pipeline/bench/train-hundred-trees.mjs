import { createAddressSplitter } from '@risk-scoring/evaluation';
import { createAddressLabelStrategy } from '@risk-scoring/labels';
import { loadModel } from '@risk-scoring/model-storage';
import { trainModel } from '@risk-scoring/pipeline';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

/** Trains an alert_scorer of exactly 100 trees on a period, with the default features, and saves it. The labels are made up, so its figures say nothing. */
export async function trainHundredTrees(database, { outputDir, startDate, endDate, windowDays }) {
  const { metadata } = await trainModel(database, {
    period: { network: database.network, startDate, endDate, windowDays },
    modelType: 'alert_scorer',
    labelStrategy: createAddressLabelStrategy(),
    trainer: createLightGBMTrainer({
      maxRounds: 100,
      earlyStoppingRounds: 0,
      parameters: { num_leaves: 31 },
    }),
    splitter: createAddressSplitter(),
    cvFolds: 2,
    allowLeakage: true,
    calibration: 'none',
    outputDir,
    modelVersion: '1.0.0',
    seed: 1,
  });
  const model = await loadModel(database, { model: metadata.model_id, windowDays });
  if (model.metadata.num_trees !== 100) throw new Error(`the model has ${model.metadata.num_trees} trees`);
  return model;
}
