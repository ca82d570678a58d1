export {
  InvalidSearchSpaceError,
  NoTrialCompletedError,
  type SettingDifference,
  type SpaceProblem,
  StudyDamagedError,
  StudyFileError,
  StudyLockedError,
  StudyMismatchError,
  TrialPruned,
  TrialValueError,
} from './errors.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { createMedianPruner, type MedianPrunerOptions, type Pruner } from './pruning/median-pruner.ts';
export { createGridSampler, type GridSampler, type GridSamplerOptions } from './samplers/grid-sampler.ts';
export { type ParzenDensity, parzenDensity } from './samplers/parzen.ts';
export { createRandomSampler } from './samplers/random-sampler.ts';
export type { Sampler } from './samplers/sampler.ts';
export { createTpeSampler, type TpeSamplerOptions } from './samplers/tpe-sampler.ts';
export { parseSearchSpace } from './space/parse-search-space.ts';
export type {
  ChoiceParameter,
  FloatParameter,
  IntParameter,
  NumericParameter,
  Parameters,
  ParameterValue,
  SearchSpace,
  SpaceParameter,
} from './space/search-space.ts';
export { PARAMETER_TYPES } from './space/search-space.ts';
export type { FinishedPart } from './study/journal.ts';
export { openStudy, readStudy, type StoredStudy, type Study } from './study/open-study.ts';
export { type RunStudyRequest, runStudy, type StudyResult } from './study/run-study.ts';
export type { Evaluate, TrialContext } from './study/run-trial.ts';
export type { StudySettings } from './study/settings.ts';
export {
  bestTrial,
  type CompleteTrial,
  type Direction,
  type FailedTrial,
  type PrunedTrial,
  type StartedTrial,
  type TrialRecord,
} from './trial.ts';
