import { createEarlyStopping, InvalidInputError, type TrainingProgress } from '@risk-scoring/contract';
import type { Pointer, TextOut } from '../capi/c-api.ts';
import { call, copyBytes, readPointer, xgboost } from '../capi/library.ts';
import type { Columns } from './gather-rows.ts';
import { type Lesson, lessonOf, type Teaching } from './lesson.ts';
import { isHigherBetter } from './metrics.ts';
import { createNativeMatrix } from './native-matrix.ts';

/** One training, as the worker thread gets it. */
export interface TrainingInput {
  readonly matrix: Columns;
  /** Which row of the request's matrix each row of `matrix` is; undefined where they are the same. */
  readonly selected: Int32Array | undefined;
  readonly trainRows: Int32Array;
  readonly validationRows: Int32Array;
  readonly teaching: Teaching;
  readonly featureNames: readonly string[];
  /** Everything that the library is to be told, by its own names. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly maxRounds: number;
  /** 0 for none. */
  readonly earlyStoppingRounds: number;
  readonly metric: string;
  /** Kept in the model besides, under `attributes`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the training has of the one who asked for it. */
export interface TrainingWatch {
  /** Throws where the training is to end. */
  throwIfCancelled(): void;
  report(progress: TrainingProgress): void;
}

/**
 * Trains on this thread and gives the model in XGBoost's JSON format, cut to its best iteration. Frees all that it makes.
 *
 * @throws {XGBoostCallError} where XGBoost refuses a parameter or the data
 */
export function trainTrees(input: TrainingInput, watch: TrainingWatch): Uint8Array {
  xgboost();
  call('XGBSetGlobalConfig', '{"verbosity":0}');
  const frees: (() => void)[] = [];
  try {
    const matrixOf = (rows: Int32Array) => {
      const handle = createNativeMatrix(input.matrix, placed(lessonOf(rows, input.teaching), input));
      frees.push(() => call('XGDMatrixFree', handle));
      return handle;
    };
    const training = matrixOf(input.trainRows);
    const validation = input.validationRows.length === 0 ? undefined : matrixOf(input.validationRows);
    const known = BigUint64Array.from(validation === undefined ? [training] : [training, validation]);
    const booster = readPointer((out) => call('XGBoosterCreate', known, known.length, out));
    frees.push(() => call('XGBoosterFree', booster));
    for (const [name, value] of Object.entries(input.parameters))
      call('XGBoosterSetParam', booster, name, value);
    const best = runRounds({ booster, training, validation }, input, watch);
    const model = readPointer((out) => call('XGBoosterSlice', booster, 0, best, 1, out));
    frees.push(() => call('XGBoosterFree', model));
    return saved(model, input, best);
  } finally {
    for (const free of frees.reverse()) free();
  }
}

/** Adds iterations until there are as many as wanted, or early stopping says so; gives the number to keep. */
function runRounds(
  { booster, training, validation }: { booster: Pointer; training: Pointer; validation: Pointer | undefined },
  { maxRounds, earlyStoppingRounds, metric }: TrainingInput,
  watch: TrainingWatch,
): number {
  const stopping =
    validation === undefined || earlyStoppingRounds === 0
      ? undefined
      : createEarlyStopping({ higherIsBetter: isHigherBetter(metric), rounds: earlyStoppingRounds });
  for (let iteration = 1; iteration <= maxRounds; iteration++) {
    watch.throwIfCancelled();
    call('XGBoosterUpdateOneIter', booster, iteration - 1, training);
    if (validation === undefined) {
      watch.report({ iteration, maxIterations: maxRounds });
      continue;
    }
    const value = evaluate(booster, iteration - 1, validation);
    if (Number.isNaN(value)) throw unwatchable(metric);
    watch.report({ iteration, maxIterations: maxRounds, metric: { name: metric, value } });
    if (stopping?.update(value)) break;
  }
  return stopping?.bestIteration || maxRounds;
}

/** The one metric on the validation rows: XGBoost answers with a text, `[0]\tvalidation-logloss:0.60160692125558857`. */
function evaluate(booster: Pointer, iteration: number, validation: Pointer): number {
  const out: TextOut = [null];
  call('XGBoosterEvalOneIter', booster, iteration, BigUint64Array.of(validation), ['validation'], 1, out);
  const text = out[0] ?? '';
  return Number(text.slice(text.lastIndexOf(':') + 1));
}

function unwatchable(metric: string): InvalidInputError {
  return new InvalidInputError({
    what: 'The validation rows',
    expected: `rows of which XGBoost can compute ${metric}`,
    found: 'rows of one class, or without weight, of which it cannot',
    remedy: 'choose other validation rows, or another earlyStoppingMetric',
  });
}

function saved(model: Pointer, { featureNames, attributes }: TrainingInput, best: number): Uint8Array {
  call('XGBoosterSetStrFeatureInfo', model, 'feature_name', featureNames, featureNames.length);
  const all = { ...attributes, best_iteration: String(best - 1) };
  for (const [key, value] of Object.entries(all)) call('XGBoosterSetAttr', model, key, value);
  const [length, out] = [new BigUint64Array(1), new BigUint64Array(1)];
  call('XGBoosterSaveModelToBuffer', model, '{"format":"json"}', length, out);
  return copyBytes(out[0] as bigint, Number(length[0]));
}

/** The lesson with its rows as they are numbered in the matrix at hand. */
function placed(lesson: Lesson, { selected }: TrainingInput): Lesson {
  if (selected === undefined) return lesson;
  const place = new Int32Array((selected.at(-1) ?? -1) + 1);
  for (const [at, row] of selected.entries()) place[row] = at;
  return { ...lesson, rows: lesson.rows.map((row) => place[row] as number) };
}
