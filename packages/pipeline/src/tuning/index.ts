export { NothingToTuneByError, TuningStoppedError } from './errors.ts';
export { TUNING_METRICS, type TuningMetric } from './metrics.ts';
export { SAMPLERS, type SamplerName } from './samplers.ts';
export { tuneModel } from './tune-model.ts';
export { foldsOf, type TunedTrainer, type TuneOptions, type TuneResult } from './tune-options.ts';
export {
  assertTunedConfigFile,
  type TrainingConfig,
  tunedConfigFile,
  writeTunedConfig,
} from './tuned-config.ts';
export { type ConfiguredTuning, type TuningFlags, tuningOf } from './tuning-of.ts';
