export { type BuildTools, describeBuildTools, describeKoffi, describeLightgbm } from '@risk-scoring/lightgbm';
export type { LightGBMTrainerOptions } from './lightgbm-parameters.ts';
export { createLightGBMTrainer } from './lightgbm-trainer.ts';
