import { call } from './capi/library.ts';
import { NativeHandle } from './capi/native-handle.ts';
import { readInt, readNames, readPointer, readText } from './capi/out-values.ts';
import { CONSTANTS } from './capi/signatures.ts';
import { assertColumnMatrix } from './column-matrix.ts';
import { type Dataset, datasetInternals } from './dataset.ts';
import { LightGBMDataError } from './errors.ts';
import { assertModelText } from './model-text.ts';
import { checkParameters, type LightGBMParameters, parameterText } from './parameters.ts';
import { iterationCount, type PredictionRequest, predictInChunks, predictionType } from './prediction.ts';

/** How much a feature matters: the sum of the gains of its splits, or their number. */
export type ImportanceKind = 'gain' | 'split';

/**
 * Trees in training, or trained ones. All calls are synchronous; make all calls of one training on one thread:
 * LightGBM's last error and thread count belong to the thread.
 *
 * @example
 * const booster = Booster.create(dataset, { objective: 'binary', seed: 1 });
 * while (booster.currentIteration < 100 && !booster.updateOneIteration()) continue;
 * const scores = booster.predict({ values, rows, columns });
 * booster.dispose();
 */
export class Booster implements Disposable {
  readonly #handle: NativeHandle;
  readonly #datasets: Dataset[] = [];
  #disposed = false;

  private constructor(pointer: bigint, train?: Dataset) {
    this.#handle = new NativeHandle('booster', pointer, (freed) => call('LGBM_BoosterFree', freed));
    if (train) this.#hold(train);
  }

  /**
   * A booster without trees yet. The parameters of the dataset hold, too.
   *
   * @throws {LightGBMParameterError} for a parameter that cannot be used
   * @throws {LightGBMCallError} where LightGBM refuses them, also because the dataset was binned with others
   */
  static create(train: Dataset, parameters: LightGBMParameters): Booster {
    const { handle, parameters: ofDataset } = datasetInternals(train);
    const checked = checkParameters(parameters);
    const { pointer } = handle;
    call('LGBM_DatasetUpdateParamChecking', parameterText(ofDataset), parameterText(checked));
    const text = parameterText(new Map([...ofDataset, ...checked]));
    return new Booster(
      readPointer((out) => call('LGBM_BoosterCreate', pointer, text, out)),
      train,
    );
  }

  /**
   * The booster of a model text, predicting the same bits as the one that was saved.
   *
   * @throws {LightGBMModelError} where the text is not a whole model
   */
  static fromString(model: string): Booster {
    assertModelText(model);
    const text = Buffer.from(`${model}\0`);
    const iterations = new Int32Array(1);
    return new Booster(readPointer((out) => call('LGBM_BoosterLoadModelFromString', text, iterations, out)));
  }

  /** Adds a dataset to evaluate on, in the same bins as the training data; returns its index for {@link evaluate}. */
  addValidation(dataset: Dataset): number {
    const { pointer } = datasetInternals(dataset).handle;
    call('LGBM_BoosterAddValidData', this.#handle.pointer, pointer);
    this.#hold(dataset);
    return this.#datasets.length - 1;
  }

  /** Adds one iteration of trees. Returns true when no split is left to gain from, and nothing was added. */
  updateOneIteration(): boolean {
    return this.#int('LGBM_BoosterUpdateOneIter') !== 0;
  }

  /** Takes back the last iteration. */
  rollbackOneIteration(): void {
    call('LGBM_BoosterRollbackOneIter', this.#handle.pointer);
  }

  /** Changes parameters between iterations, such as `learning_rate`. */
  resetParameters(parameters: LightGBMParameters): void {
    const text = parameterText(checkParameters(parameters));
    call('LGBM_BoosterResetParameter', this.#handle.pointer, text);
  }

  /** The metrics at hand, named as LightGBM names them (`binary_logloss`, `auc`). */
  get metricNames(): readonly string[] {
    return readNames(
      'LGBM_BoosterGetEvalNames',
      this.#handle.pointer,
      this.#int('LGBM_BoosterGetEvalCounts'),
    );
  }

  /**
   * The metrics after the last iteration, aligned with {@link metricNames}.
   *
   * @param dataIndex 0 for the training data, else what {@link addValidation} returned
   */
  evaluate(dataIndex: number): Float64Array {
    const { pointer } = this.#handle;
    const out = new Float64Array(this.#int('LGBM_BoosterGetEvalCounts'));
    call('LGBM_BoosterGetEval', pointer, dataIndex, new Int32Array(1), out);
    return out;
  }

  /** Iterations so far. */
  get currentIteration(): number {
    return this.#int('LGBM_BoosterGetCurrentIteration');
  }

  /** Trees that one iteration adds: one, or one per class. */
  get treesPerIteration(): number {
    return this.#int('LGBM_BoosterNumModelPerIteration');
  }

  get numClasses(): number {
    return this.#int('LGBM_BoosterGetNumClasses');
  }

  get featureNames(): readonly string[] {
    const { pointer } = this.#handle;
    return readNames('LGBM_BoosterGetFeatureNames', pointer, this.#int('LGBM_BoosterGetNumFeature'));
  }

  /**
   * One value per row (times classes), or for `contrib` one per feature and the base value, row-major.
   * A row gives the same bits alone, in any batch and with any number of threads. A missing value (NaN) takes
   * the way that the training found for it. Values within ±1e-35 count as 0.
   *
   * @throws {LightGBMDataError} where the columns are not those of the model
   */
  predict(request: PredictionRequest): Float64Array {
    assertColumnMatrix(request);
    const { pointer } = this.#handle;
    const columns = this.#int('LGBM_BoosterGetNumFeature');
    if (request.columns !== columns) {
      throw new LightGBMDataError({
        what: 'The matrix',
        expected: `the ${columns} columns of the model`,
        found: `${request.columns} columns`,
      });
    }
    const threads = request.threads === undefined ? {} : { num_threads: request.threads };
    return predictInChunks(pointer, request, {
      valuesPerRow: this.#valuesPerRow(request),
      parameters: parameterText(checkParameters(threads)),
    });
  }

  /**
   * The model in LightGBM's text format, which every LightGBM reads. Numbers keep all their bits.
   *
   * @param numIteration only the first iterations; all when absent
   */
  saveToString({ numIteration }: { numIteration?: number | undefined } = {}): string {
    const { pointer } = this.#handle;
    const importance = CONSTANTS.C_API_FEATURE_IMPORTANCE_SPLIT;
    const iterations = iterationCount(numIteration);
    return readText((buffer, length) =>
      call(
        'LGBM_BoosterSaveModelToString',
        pointer,
        0,
        iterations,
        importance,
        buffer.length,
        length,
        buffer,
      ),
    );
  }

  /** How much each feature matters, in the order of the columns. */
  featureImportance(kind: ImportanceKind): Float64Array {
    const { pointer } = this.#handle;
    const out = new Float64Array(this.#int('LGBM_BoosterGetNumFeature'));
    call('LGBM_BoosterFeatureImportance', pointer, -1, importanceType(kind), out);
    return out;
  }

  /** Frees the native memory. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#handle.dispose();
    for (const dataset of this.#datasets) datasetInternals(dataset).handle.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #hold(dataset: Dataset): void {
    datasetInternals(dataset).handle.retain();
    this.#datasets.push(dataset);
  }

  #valuesPerRow({ output, numIteration }: PredictionRequest): number {
    const { pointer } = this.#handle;
    const length = new BigInt64Array(1);
    const type = predictionType(output ?? 'probability');
    call('LGBM_BoosterCalcNumPredict', pointer, 1, type, 0, iterationCount(numIteration), length);
    return Number(length[0]);
  }

  #int(
    name:
      | 'LGBM_BoosterUpdateOneIter'
      | 'LGBM_BoosterGetEvalCounts'
      | 'LGBM_BoosterGetCurrentIteration'
      | 'LGBM_BoosterNumModelPerIteration'
      | 'LGBM_BoosterGetNumClasses'
      | 'LGBM_BoosterGetNumFeature',
  ): number {
    const { pointer } = this.#handle;
    return readInt((out) => call(name, pointer, out));
  }
}

function importanceType(kind: ImportanceKind): number {
  return kind === 'gain' ? CONSTANTS.C_API_FEATURE_IMPORTANCE_GAIN : CONSTANTS.C_API_FEATURE_IMPORTANCE_SPLIT;
}
