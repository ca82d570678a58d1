import { InvalidInputError, type ModelTrainer } from '@risk-scoring/contract';
import { createNeuralNetTrainer } from '@risk-scoring/trainer-neural-net';
import { z } from 'zod';
import type { TrainerRequest } from '../registry.ts';
import { map, whole, yesOrNo } from './schema-parts.ts';
import { checkTrainerSettings, withoutUndefined } from './trainer-settings.ts';

const NUMBER = 'must be a number';

const neuralNetSettings = map({
  hidden_layers: z
    .array(whole({ least: 1, most: 4096 }), { error: 'must be a list of units per layer' })
    .min(1, 'must name at least one layer')
    .optional(),
  dropout: z.number({ error: NUMBER }).optional(),
  learning_rate: z.number({ error: NUMBER }).optional(),
  batch_size: whole({ least: 1 }).optional(),
  max_epochs: whole({ least: 1 }).optional(),
  early_stopping_rounds: whole({ least: 0 }).optional(),
  weight_decay: z.number({ error: NUMBER }).optional(),
  batch_normalization: yesOrNo.optional(),
  class_weight: z.literal('balanced', { error: 'must be balanced' }).optional(),
});

/**
 * A multilayer perceptron of settings as YAML has them: `hidden_layers`, `dropout`, `learning_rate`, `batch_size`, `max_epochs`,
 * `early_stopping_rounds`, `weight_decay`, `batch_normalization`, `class_weight`.
 *
 * @throws {InvalidSettingsError | InvalidInputError} for values that cannot be meant, and for a ranker
 * @example
 * neuralNetTrainerOf({ modelType: 'alert_scorer', settings: { hidden_layers: [64, 32] } });
 */
export function neuralNetTrainerOf(request: TrainerRequest): ModelTrainer {
  const { modelType } = request;
  if (modelType === 'alert_ranker') {
    throw new InvalidInputError({
      what: "The model type for the trainer 'neural-net'",
      expected: 'alert_scorer, cluster_scorer',
      found: modelType,
    });
  }
  const settings = checkTrainerSettings(neuralNetSettings, 'neural-net', request);
  return createNeuralNetTrainer({
    modelType,
    ...withoutUndefined({
      hiddenLayers: settings.hidden_layers,
      dropout: settings.dropout,
      learningRate: settings.learning_rate,
      batchSize: settings.batch_size,
      maxEpochs: settings.max_epochs,
      earlyStoppingRounds: settings.early_stopping_rounds,
      weightDecay: settings.weight_decay,
      batchNormalization: settings.batch_normalization,
      classWeight: settings.class_weight,
    }),
  });
}
