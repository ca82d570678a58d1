import type koffi from 'koffi';
import { type FunctionName, SIGNATURES } from './signatures.ts';

/** A pointer to something that LightGBM owns. */
export type Pointer = bigint;

/** Where a pointer is written to: an array of one. */
export type PointerOut = BigUint64Array;

/** Where an `int` is written to: an array of one. */
export type IntOut = Int32Array;

/** Where an `int64_t` or `size_t` is written to: an array of one. */
export type LongOut = BigInt64Array | BigUint64Array;

/**
 * The bound functions, one to one. They return 0 for success and -1 for failure; the reason is then in
 * `LGBM_GetLastError`, on the same thread. Memory of a typed array is passed as it is, without a copy,
 * also when it lies on a SharedArrayBuffer.
 */
export interface CApi {
  LGBM_GetLastError(): string;
  LGBM_DumpParamAliases(bufferLength: number, outLength: LongOut, out: Uint8Array): number;
  LGBM_RegisterLogCallback(callback: Pointer): number;

  LGBM_DatasetCreateFromMat(
    data: Float32Array,
    dataType: number,
    rows: number,
    columns: number,
    isRowMajor: 0 | 1,
    parameters: string,
    reference: Pointer | null,
    out: PointerOut,
  ): number;
  LGBM_DatasetGetSubset(
    dataset: Pointer,
    rows: Int32Array,
    count: number,
    parameters: string,
    out: PointerOut,
  ): number;
  LGBM_DatasetSetFeatureNames(dataset: Pointer, names: readonly string[], count: number): number;
  LGBM_DatasetSetField(
    dataset: Pointer,
    field: string,
    data: Float32Array | Int32Array,
    count: number,
    type: number,
  ): number;
  LGBM_DatasetUpdateParamChecking(oldParameters: string, newParameters: string): number;
  LGBM_DatasetGetNumData(dataset: Pointer, out: IntOut): number;
  LGBM_DatasetGetNumFeature(dataset: Pointer, out: IntOut): number;
  LGBM_DatasetGetFeatureNumBin(dataset: Pointer, feature: number, out: IntOut): number;
  LGBM_DatasetFree(dataset: Pointer): number;

  LGBM_BoosterCreate(dataset: Pointer, parameters: string, out: PointerOut): number;
  LGBM_BoosterLoadModelFromString(model: Uint8Array, outIterations: IntOut, out: PointerOut): number;
  LGBM_BoosterFree(booster: Pointer): number;
  LGBM_BoosterAddValidData(booster: Pointer, dataset: Pointer): number;
  LGBM_BoosterResetParameter(booster: Pointer, parameters: string): number;
  LGBM_BoosterGetNumClasses(booster: Pointer, out: IntOut): number;
  LGBM_BoosterUpdateOneIter(booster: Pointer, outFinished: IntOut): number;
  LGBM_BoosterRollbackOneIter(booster: Pointer): number;
  LGBM_BoosterGetCurrentIteration(booster: Pointer, out: IntOut): number;
  LGBM_BoosterNumModelPerIteration(booster: Pointer, out: IntOut): number;
  LGBM_BoosterGetEvalCounts(booster: Pointer, out: IntOut): number;
  LGBM_BoosterGetEvalNames(
    booster: Pointer,
    count: number,
    outCount: IntOut,
    bufferLength: number,
    outBufferLength: LongOut,
    out: BigUint64Array,
  ): number;
  LGBM_BoosterGetEval(booster: Pointer, dataIndex: number, outCount: IntOut, out: Float64Array): number;
  LGBM_BoosterGetFeatureNames(
    booster: Pointer,
    count: number,
    outCount: IntOut,
    bufferLength: number,
    outBufferLength: LongOut,
    out: BigUint64Array,
  ): number;
  LGBM_BoosterGetNumFeature(booster: Pointer, out: IntOut): number;
  LGBM_BoosterCalcNumPredict(
    booster: Pointer,
    rows: number,
    predictType: number,
    startIteration: number,
    iterations: number,
    outLength: LongOut,
  ): number;
  LGBM_BoosterPredictForMat(
    booster: Pointer,
    data: Float32Array,
    dataType: number,
    rows: number,
    columns: number,
    isRowMajor: 0 | 1,
    predictType: number,
    startIteration: number,
    iterations: number,
    parameters: string,
    outLength: LongOut,
    out: Float64Array,
  ): number;
  LGBM_BoosterSaveModelToString(
    booster: Pointer,
    startIteration: number,
    iterations: number,
    importanceType: number,
    bufferLength: number,
    outLength: LongOut,
    out: Uint8Array,
  ): number;
  LGBM_BoosterFeatureImportance(
    booster: Pointer,
    iterations: number,
    importanceType: number,
    out: Float64Array,
  ): number;
}

/** Binds every function of {@link SIGNATURES}; throws where the library lacks one. */
export function bindCApi(library: ReturnType<typeof koffi.load>): CApi {
  const names = Object.keys(SIGNATURES) as FunctionName[];
  const functions = names.map((name) => [name, library.func(withoutTypeNames(SIGNATURES[name]))]);
  return Object.fromEntries(functions) as CApi;
}

/**
 * The signature with handles and callbacks as plain pointers. Type names are shared by the whole
 * process, so a second copy of this package could not define `DatasetHandle` again.
 */
function withoutTypeNames(signature: string): string {
  return signature
    .replace(/\b(?:Dataset|Booster)Handle\b/g, 'void*')
    .replace(/void \(\*(\w+)\)\(const char\*\)/, 'void* $1');
}
