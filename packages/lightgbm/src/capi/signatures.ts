/**
 * The functions of LightGBM's C API that this package calls, as `LightGBM/c_api.h` declares them.
 * A test compares every one with that header, so a version with another signature is noticed.
 */
export const SIGNATURES = {
  LGBM_GetLastError: 'const char* LGBM_GetLastError()',
  LGBM_DumpParamAliases: 'int LGBM_DumpParamAliases(int64_t buffer_len, int64_t* out_len, char* out_str)',
  LGBM_RegisterLogCallback: 'int LGBM_RegisterLogCallback(void (*callback)(const char*))',

  LGBM_DatasetCreateFromMat:
    'int LGBM_DatasetCreateFromMat(const void* data, int data_type, int32_t nrow, int32_t ncol, int is_row_major, const char* parameters, const DatasetHandle reference, DatasetHandle* out)',
  LGBM_DatasetGetSubset:
    'int LGBM_DatasetGetSubset(const DatasetHandle handle, const int32_t* used_row_indices, int32_t num_used_row_indices, const char* parameters, DatasetHandle* out)',
  LGBM_DatasetSetFeatureNames:
    'int LGBM_DatasetSetFeatureNames(DatasetHandle handle, const char** feature_names, int num_feature_names)',
  LGBM_DatasetSetField:
    'int LGBM_DatasetSetField(DatasetHandle handle, const char* field_name, const void* field_data, int num_element, int type)',
  LGBM_DatasetUpdateParamChecking:
    'int LGBM_DatasetUpdateParamChecking(const char* old_parameters, const char* new_parameters)',
  LGBM_DatasetGetNumData: 'int LGBM_DatasetGetNumData(DatasetHandle handle, int* out)',
  LGBM_DatasetGetNumFeature: 'int LGBM_DatasetGetNumFeature(DatasetHandle handle, int* out)',
  LGBM_DatasetGetFeatureNumBin:
    'int LGBM_DatasetGetFeatureNumBin(DatasetHandle handle, int feature, int* out)',
  LGBM_DatasetFree: 'int LGBM_DatasetFree(DatasetHandle handle)',

  LGBM_BoosterCreate:
    'int LGBM_BoosterCreate(const DatasetHandle train_data, const char* parameters, BoosterHandle* out)',
  LGBM_BoosterLoadModelFromString:
    'int LGBM_BoosterLoadModelFromString(const char* model_str, int* out_num_iterations, BoosterHandle* out)',
  LGBM_BoosterFree: 'int LGBM_BoosterFree(BoosterHandle handle)',
  LGBM_BoosterAddValidData:
    'int LGBM_BoosterAddValidData(BoosterHandle handle, const DatasetHandle valid_data)',
  LGBM_BoosterResetParameter: 'int LGBM_BoosterResetParameter(BoosterHandle handle, const char* parameters)',
  LGBM_BoosterGetNumClasses: 'int LGBM_BoosterGetNumClasses(BoosterHandle handle, int* out_len)',
  LGBM_BoosterUpdateOneIter: 'int LGBM_BoosterUpdateOneIter(BoosterHandle handle, int* is_finished)',
  LGBM_BoosterRollbackOneIter: 'int LGBM_BoosterRollbackOneIter(BoosterHandle handle)',
  LGBM_BoosterGetCurrentIteration:
    'int LGBM_BoosterGetCurrentIteration(BoosterHandle handle, int* out_iteration)',
  LGBM_BoosterNumModelPerIteration:
    'int LGBM_BoosterNumModelPerIteration(BoosterHandle handle, int* out_tree_per_iteration)',
  LGBM_BoosterGetEvalCounts: 'int LGBM_BoosterGetEvalCounts(BoosterHandle handle, int* out_len)',
  LGBM_BoosterGetEvalNames:
    'int LGBM_BoosterGetEvalNames(BoosterHandle handle, const int len, int* out_len, const size_t buffer_len, size_t* out_buffer_len, char** out_strs)',
  LGBM_BoosterGetEval:
    'int LGBM_BoosterGetEval(BoosterHandle handle, int data_idx, int* out_len, double* out_results)',
  LGBM_BoosterGetFeatureNames:
    'int LGBM_BoosterGetFeatureNames(BoosterHandle handle, const int len, int* out_len, const size_t buffer_len, size_t* out_buffer_len, char** out_strs)',
  LGBM_BoosterGetNumFeature: 'int LGBM_BoosterGetNumFeature(BoosterHandle handle, int* out_len)',
  LGBM_BoosterCalcNumPredict:
    'int LGBM_BoosterCalcNumPredict(BoosterHandle handle, int num_row, int predict_type, int start_iteration, int num_iteration, int64_t* out_len)',
  LGBM_BoosterPredictForMat:
    'int LGBM_BoosterPredictForMat(BoosterHandle handle, const void* data, int data_type, int32_t nrow, int32_t ncol, int is_row_major, int predict_type, int start_iteration, int num_iteration, const char* parameter, int64_t* out_len, double* out_result)',
  LGBM_BoosterSaveModelToString:
    'int LGBM_BoosterSaveModelToString(BoosterHandle handle, int start_iteration, int num_iteration, int feature_importance_type, int64_t buffer_len, int64_t* out_len, char* out_str)',
  LGBM_BoosterFeatureImportance:
    'int LGBM_BoosterFeatureImportance(BoosterHandle handle, int num_iteration, int importance_type, double* out_results)',
} as const;

/** The name of a bound function. */
export type FunctionName = keyof typeof SIGNATURES;

/** The header's constants that go with them, with the same names. */
export const CONSTANTS = {
  C_API_DTYPE_FLOAT32: 0,
  C_API_DTYPE_INT32: 2,
  C_API_PREDICT_NORMAL: 0,
  C_API_PREDICT_RAW_SCORE: 1,
  C_API_PREDICT_CONTRIB: 3,
  C_API_FEATURE_IMPORTANCE_SPLIT: 0,
  C_API_FEATURE_IMPORTANCE_GAIN: 1,
} as const;
