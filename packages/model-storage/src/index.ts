export * from './aliases/index.ts';
export * from './archive/index.ts';
export type { DeletedModel, DeleteModelOptions } from './delete.ts';
export { deleteModel } from './delete.ts';
export {
  ModelAliasAmbiguousError,
  ModelFileError,
  ModelFilesLeftError,
  ModelInUseError,
  ModelNewerError,
  ModelNotFoundError,
  ModelNotRegisteredError,
  ModelNotSavedError,
  ModelOfOtherNetworkError,
  ModelRegisteredOtherwiseError,
} from './errors.ts';
export type { Distribution, ModelEvaluation } from './evaluation-file.ts';
export { modelEvaluationSchema } from './evaluation-file.ts';
export type { ModelSelection } from './load.ts';
export { getLatestModel, loadModel } from './load.ts';
export type { ModelMetadata, UnsavedMetadata } from './metadata.ts';
export { modelMetadataSchema } from './metadata.ts';
export { derivedFiles, fileStem, modelId, validateModelVersion } from './model-name.ts';
export type { OrphanedFile } from './orphans.ts';
export type { StoredModel } from './read-model.ts';
export { readStoredModel } from './read-model.ts';
export type { RegisteredModel, RegisterOptions } from './register.ts';
export { registerModel } from './register.ts';
export type { SavedModel, SaveOptions } from './save.ts';
export { saveModel } from './save.ts';
export type { ModelFilter, TrainedModelRow } from './trained-models.ts';
export { listModels } from './trained-models.ts';
export type { ModelProblem, ModelVerification, VerifyModelsOptions } from './verify.ts';
export { verifyModels } from './verify.ts';
