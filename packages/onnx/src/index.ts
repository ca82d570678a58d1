export { calibrateOnnx } from './calibrate/calibrate-onnx.ts';
export { MAX_KNOTS, type OnnxCalibration } from './calibrate/calibration.ts';
export type { OnnxCombination } from './combine/combination.ts';
export { combineOnnxModels, type OnnxCombinationRequest } from './combine/combine-onnx-models.ts';
export type { OnnxMember } from './combine/member.ts';
export type { CategoryColumn } from './convert/categorical-chains.ts';
export { convertLightGBMToOnnx } from './convert/convert-lightgbm-to-onnx.ts';
export { assertConvertibleParameters } from './convert/convertible-parameters.ts';
export { encodeScoringModel, type ScoringGraph } from './convert/encode-scoring-model.ts';
export { encodeTreeEnsemble, type TreeEnsembleModel } from './convert/encode-tree-ensemble.ts';
export type { Link } from './convert/objectives.ts';
export {
  DOUBLE,
  encodeNode,
  encodeTensor,
  encodeVector,
  FLOAT,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  textAttribute,
} from './convert/onnx-messages.ts';
export type { TreeEnsemble } from './convert/tree-ensemble.ts';
export { describeOnnxRuntime, type OnnxRuntimeDescription } from './describe-onnx-runtime.ts';
export {
  ModelFormatError,
  OnnxCalibrationError,
  OnnxCombinationError,
  OnnxModelError,
  OnnxParityError,
  UnconvertibleModelError,
  UnconvertibleParametersError,
} from './errors.ts';
export type { LightGBMObjective, LightGBMTrees, MissingType } from './lightgbm/lightgbm-trees.ts';
export { isCategoricalSplit, isDefaultLeft, leftCategories, missingType } from './lightgbm/lightgbm-trees.ts';
export { parseLightGBMModel } from './lightgbm/parse-lightgbm-model.ts';
export type { OnnxModelMetadata } from './model-metadata.ts';
export { METADATA_KEYS, readOnnxMetadata } from './model-metadata.ts';
export type { ParityReport, ParityRequest } from './parity/prove-parity.ts';
export { PROBABILITY_TOLERANCE, proveParity, RAW_TOLERANCE } from './parity/prove-parity.ts';
export type { OnnxScorer, ScoreOptions, Scores, ScoringProgress } from './scorer/onnx-scorer.ts';
export type { OnnxScorerOptions } from './scorer/open-onnx-scorer.ts';
export { openOnnxScorer } from './scorer/open-onnx-scorer.ts';
