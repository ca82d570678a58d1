export type { LightGBMTrainerOptions } from './lightgbm-parameters.ts';
export { createLightGBMTrainer } from './lightgbm-trainer.ts';
