import type { Pointer } from '../capi/c-api.ts';
import { call, copyBytes, readPointer, xgboost } from '../capi/library.ts';
import { loadKoffi } from '../capi/load-koffi.ts';
import { describeXGBoost } from '../describe-xgboost.ts';

/** Why there is no library to test with; printed once. Undefined where there is one. */
export const missingLibrary = reasonForNone();

function reasonForNone(): string | undefined {
  try {
    describeXGBoost();
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`Skipped, for want of the native library: ${reason}`);
    return reason;
  }
}

/** Functions of the library that the tests alone need, to compare with what it says itself. */
const SIGNATURES = {
  predict:
    'int XGBoosterPredict(void* booster, void* matrix, int option_mask, uint32_t tree_limit, int training, uint64_t* length, void** out)',
  featureScore:
    'int XGBoosterFeatureScore(void* booster, const char* json, uint64_t* count, void** names, uint64_t* dimensions, void** shape, void** out)',
  loadModel: 'int XGBoosterLoadModelFromBuffer(void* booster, const void* bytes, uint64_t length)',
  saveConfig: 'int XGBoosterSaveJsonConfig(void* booster, uint64_t* length, _Out_ const char** out)',
} as const;

function ask(name: keyof typeof SIGNATURES, ...args: unknown[]): void {
  const run = loadKoffi().load(describeXGBoost().path).func(SIGNATURES[name]) as (
    ...args: unknown[]
  ) => number;
  if (run(...args) !== 0) throw new Error(xgboost().api.XGBGetLastError());
}

/** Loads a model into the library, hands it over and frees it. */
export function withBooster<T>(bytes: Uint8Array, use: (booster: Pointer) => T): T {
  const none = new BigUint64Array(0);
  const booster = readPointer((out) => call('XGBoosterCreate', none, 0, out));
  try {
    ask('loadModel', booster, bytes, bytes.length);
    call('XGBoosterSetParam', booster, 'nthread', '1');
    return use(booster);
  } finally {
    call('XGBoosterFree', booster);
  }
}

/** The library's own predictions of rows that are given row by row; `raw` before the link function. */
export function nativeScores(
  bytes: Uint8Array,
  { values, columns, output }: { values: Float32Array; columns: number; output: 'raw' | 'probability' },
): Float32Array {
  return withBooster(bytes, (booster) => {
    const rows = values.length / columns;
    const matrix = readPointer((out) =>
      call('XGDMatrixCreateFromMat', values, rows, columns, Number.NaN, out),
    );
    const [length, out] = [new BigUint64Array(1), new BigUint64Array(1)];
    ask('predict', booster, matrix, output === 'raw' ? 1 : 0, 0, 0, length, out);
    const scores = new Float32Array(copyBytes(out[0] as bigint, 4 * Number(length[0])).buffer);
    call('XGDMatrixFree', matrix);
    return scores;
  });
}

/** The library's own importances by feature name; those of features without split are left out. */
export function nativeImportances(bytes: Uint8Array, type: 'total_gain' | 'weight'): Map<string, number> {
  return withBooster(bytes, (booster) => {
    const outs = Array.from({ length: 5 }, () => new BigUint64Array(1));
    const [count, names, dimensions, shape, scores] = outs as [
      BigUint64Array,
      BigUint64Array,
      BigUint64Array,
      BigUint64Array,
      BigUint64Array,
    ];
    const json = JSON.stringify({ importance_type: type });
    ask('featureScore', booster, json, count, names, dimensions, shape, scores);
    const length = Number(count[0]);
    const texts = loadKoffi().decode(names[0] as bigint, 'const char *', length) as string[];
    const values = new Float32Array(copyBytes(scores[0] as bigint, 4 * length).buffer);
    return new Map(texts.map((name, i) => [name, values[i] as number]));
  });
}

/** The parameters that the library itself says a booster has, after being told these. */
export function configuredParameters(parameters: Readonly<Record<string, string>>): Set<string> {
  const matrix = readPointer((out) =>
    call('XGDMatrixCreateFromMat', Float32Array.of(0, 1), 2, 1, Number.NaN, out),
  );
  const booster = readPointer((out) => call('XGBoosterCreate', BigUint64Array.of(matrix), 1, out));
  try {
    for (const [name, value] of Object.entries(parameters)) call('XGBoosterSetParam', booster, name, value);
    const out: [string | null] = [null];
    ask('saveConfig', booster, new BigUint64Array(1), out);
    const names = new Set<string>();
    JSON.parse(out[0] ?? '', (key, value: unknown) => {
      if (typeof value === 'string') names.add(key);
      return value;
    });
    return names;
  } finally {
    call('XGBoosterFree', booster);
    call('XGDMatrixFree', matrix);
  }
}
