export type { TextType } from './builders/column-kinds.ts';
export type { FeatureMatrixOptions, LabelledMatrix } from './builders/make-feature-matrix.ts';
export { makeFeatureMatrix } from './builders/make-feature-matrix.ts';
export { makeSplitRequest } from './builders/make-split-request.ts';
export type { TrainingDataParts } from './builders/make-training-data.ts';
export { makeTrainingData } from './builders/make-training-data.ts';
export type {
  AddressLabelRow,
  AlertRow,
  ClusterRow,
  FeatureRow,
  MoneyFlowRow,
} from './builders/table-columns.ts';
export type { ConformanceOptions } from './conformance/conformance-case.ts';
export type { FeatureGroupSuiteOptions } from './features/describe-feature-group.ts';
export { describeFeatureGroup } from './features/describe-feature-group.ts';
export type { LabelStrategySuiteOptions } from './labels/describe-label-strategy.ts';
export { describeLabelStrategy } from './labels/describe-label-strategy.ts';
export type { TableStorage } from './labels/label-strategy-cases.ts';
export type { SplitterSuiteOptions } from './splitter/describe-splitter.ts';
export { describeSplitter } from './splitter/describe-splitter.ts';
export type { ModelTrainerSuiteOptions } from './trainer/describe-model-trainer.ts';
export { describeModelTrainer } from './trainer/describe-model-trainer.ts';
export type { ScoreOnnx } from './trainer/trainer-subject.ts';
