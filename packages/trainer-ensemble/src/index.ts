export { createEnsembleTrainer } from './ensemble-trainer.ts';
export { EnsembleModelError, EnsembleStackingError } from './errors.ts';
export type { EnsembleMember, EnsembleTrainerOptions } from './options.ts';
