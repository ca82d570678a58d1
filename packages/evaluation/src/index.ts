export { createAddressSplitter } from './address-splitter.ts';
export { type BootstrapRequest, type BootstrapResult, bootstrapIntervals } from './bootstrap.ts';
export { calibrate, steepnessOf } from './calibration/calibrate.ts';
export {
  assertCalibration,
  CALIBRATION_METHODS,
  type Calibration,
  type CalibrationFit,
  type CalibrationMethod,
  type IsotonicCalibration,
  type NoCalibration,
  type PlattCalibration,
} from './calibration/calibration.ts';
export type { CalibrationRows } from './calibration/calibration-rows.ts';
export {
  type CalibrationChoice,
  type CalibrationRequest,
  chooseCalibration,
} from './calibration/choose-calibration.ts';
export { CalibrationRefusedError } from './calibration/errors.ts';
export { fitIsotonic } from './calibration/fit-isotonic.ts';
export { fitPlatt } from './calibration/fit-platt.ts';
export { LOGIT_CLIP } from './calibration/logit.ts';
export { classPriorBaseline, type MetricValues } from './class-prior-baseline.ts';
export { type ConfusionOptions, confusionAt, type Decision, type Outcomes } from './confusion.ts';
export * from './curves/index.ts';
export * from './drift/index.ts';
export { InvalidScoredRowsError, TooFewGroupsError } from './errors.ts';
export { type BinaryMetrics, type EvaluationRequest, evaluateBinary } from './evaluate-binary.ts';
export { type BinaryMetricsOrNull, evaluateBinaryOrNull } from './evaluate-binary-or-null.ts';
export {
  evaluateRanking,
  type QueryQuality,
  type RankingQuality,
  type RankingRequest,
} from './evaluate-ranking.ts';
export type { DecisionFigures, FiguresOrNull } from './figures.ts';
export { assertFiniteFigures, NonFiniteFigureError } from './finite-figures.ts';
export type { Interval, MetricIntervals } from './intervals.ts';
export {
  type PairedBootstrapRequest,
  type PairedBootstrapResult,
  type PairedDifference,
  pairedBootstrap,
} from './paired-bootstrap.ts';
export {
  type PairedRankingRequest,
  type PairedRankingResult,
  pairedRankingBootstrap,
} from './paired-bootstrap-ranking.ts';
export { brierScore, LOG_LOSS_CLIP, logLoss } from './probability-metrics.ts';
export { averagePrecision, rocAuc } from './ranking-metrics.ts';
export {
  meanAveragePrecision,
  ndcgAt,
  precisionAt,
  type Relevance,
  recallAt,
} from './ranking-quality/at-k.ts';
export type { NamedFigures } from './ranking-quality/mean-figures.ts';
export {
  ECE_BINS,
  expectedCalibrationError,
  type ReliabilityBin,
  type ReliabilityOptions,
  reliability,
} from './reliability.ts';
export type { Scores, Weights } from './scored-rows.ts';
export { singleFeatureAucs } from './single-feature-aucs.ts';
export { evaluateSlices, type SliceMetrics, type SliceRequest } from './slices/evaluate-slices.ts';
export { TooFewRowsError, TooFewSnapshotsError } from './splitters/errors.ts';
export { createRandomSplitter } from './splitters/random-splitter.ts';
export { type SharedGroups, sharedGroups } from './splitters/shared-groups.ts';
export { sharedWindowDays, type WindowDays } from './splitters/shared-window-days.ts';
export { createTemporalSplitter, type TemporalSplitterOptions } from './splitters/temporal-splitter.ts';
export { type FoldSummary, summariseFolds } from './summarise-folds.ts';
export {
  type ChosenThreshold,
  chooseThreshold,
  type NoThreshold,
  type ThresholdRequest,
} from './thresholds/choose-threshold.ts';
export { parseThresholdRule, type ThresholdRule } from './thresholds/threshold-rule.ts';
export * from './validator/index.ts';
