export { NeuralNetDivergedError, NeuralNetModelError } from './errors.ts';
export { createNeuralNetTrainer } from './neural-net-trainer.ts';
export type { NeuralNetTrainerOptions } from './options.ts';
