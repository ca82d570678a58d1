export { IsolationForestModelError } from './forest-text.ts';
export { createIsolationForestTrainer } from './isolation-forest-trainer.ts';
export type { IsolationForestTrainerOptions } from './options.ts';
export { anomalyScore, averagePathLength } from './path-length.ts';
