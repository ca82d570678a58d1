import type koffi from 'koffi';

/** A DMatrix or Booster of XGBoost: a pointer to something that it owns. */
export type Pointer = bigint;

/** Where a pointer or a `uint64_t` is written to: an array of one. */
export type Out = BigUint64Array;

/** Where a text is written to: an array of one. XGBoost owns the text until the next call. */
export type TextOut = [string | null];

/**
 * The bound functions, one to one, as they are in XGBoost 1.6 and later (`c_api.h`; `bst_ulong` is `uint64_t`). Those that give a number give 0
 * for success and -1 for failure; the reason is then in `XGBGetLastError`, on the same thread.
 */
export interface CApi {
  XGBoostVersion(major: [number], minor: [number], patch: [number]): void;
  XGBGetLastError(): string;
  /** Of the calling thread. */
  XGBSetGlobalConfig(json: string): number;

  XGDMatrixCreateFromMat(
    data: Float32Array,
    rows: number,
    columns: number,
    missing: number,
    out: Out,
  ): number;
  XGDMatrixSetFloatInfo(matrix: Pointer, field: string, values: Float32Array, length: number): number;
  XGDMatrixSetUIntInfo(matrix: Pointer, field: string, values: Uint32Array, length: number): number;
  XGDMatrixFree(matrix: Pointer): number;

  XGBoosterCreate(matrices: BigUint64Array, length: number, out: Out): number;
  XGBoosterSetParam(booster: Pointer, name: string, value: string): number;
  XGBoosterUpdateOneIter(booster: Pointer, iteration: number, matrix: Pointer): number;
  XGBoosterEvalOneIter(
    booster: Pointer,
    iteration: number,
    matrices: BigUint64Array,
    names: readonly string[],
    length: number,
    out: TextOut,
  ): number;
  XGBoosterSlice(booster: Pointer, begin: number, end: number, step: number, out: Out): number;
  XGBoosterSetStrFeatureInfo(
    booster: Pointer,
    field: string,
    values: readonly string[],
    length: number,
  ): number;
  XGBoosterSetAttr(booster: Pointer, key: string, value: string): number;
  XGBoosterSaveModelToBuffer(booster: Pointer, json: string, outLength: Out, out: Out): number;
  XGBoosterFree(booster: Pointer): number;
}

/** The functions that say whether they succeeded. */
export type FallibleName = Exclude<keyof CApi, 'XGBoostVersion' | 'XGBGetLastError'>;

const SIGNATURES: Readonly<Record<keyof CApi, string>> = {
  XGBoostVersion: 'void XGBoostVersion(_Out_ int* major, _Out_ int* minor, _Out_ int* patch)',
  XGBGetLastError: 'const char* XGBGetLastError()',
  XGBSetGlobalConfig: 'int XGBSetGlobalConfig(const char* json)',
  XGDMatrixCreateFromMat:
    'int XGDMatrixCreateFromMat(const float* data, uint64_t rows, uint64_t columns, float missing, void** out)',
  XGDMatrixSetFloatInfo:
    'int XGDMatrixSetFloatInfo(void* matrix, const char* field, const float* values, uint64_t length)',
  XGDMatrixSetUIntInfo:
    'int XGDMatrixSetUIntInfo(void* matrix, const char* field, const uint32_t* values, uint64_t length)',
  XGDMatrixFree: 'int XGDMatrixFree(void* matrix)',
  XGBoosterCreate: 'int XGBoosterCreate(void** matrices, uint64_t length, void** out)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void* booster, const char* name, const char* value)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void* booster, int iteration, void* matrix)',
  XGBoosterEvalOneIter:
    'int XGBoosterEvalOneIter(void* booster, int iteration, void** matrices, const char** names, uint64_t length, _Out_ const char** out)',
  XGBoosterSlice: 'int XGBoosterSlice(void* booster, int begin, int end, int step, void** out)',
  XGBoosterSetStrFeatureInfo:
    'int XGBoosterSetStrFeatureInfo(void* booster, const char* field, const char** values, uint64_t length)',
  XGBoosterSetAttr: 'int XGBoosterSetAttr(void* booster, const char* key, const char* value)',
  XGBoosterSaveModelToBuffer:
    'int XGBoosterSaveModelToBuffer(void* booster, const char* json, uint64_t* length, void** out)',
  XGBoosterFree: 'int XGBoosterFree(void* booster)',
};

/** Binds every function of {@link CApi}; throws where the library lacks one. */
export function bindCApi(library: ReturnType<typeof koffi.load>): CApi {
  const functions = Object.entries(SIGNATURES).map(([name, signature]) => [name, library.func(signature)]);
  return Object.fromEntries(functions) as CApi;
}
