import { call } from './capi/library.ts';
import { NativeHandle } from './capi/native-handle.ts';
import { readInt, readPointer } from './capi/out-values.ts';
import { CONSTANTS } from './capi/signatures.ts';
import {
  assertColumnMatrix,
  assertDistinctRows,
  assertSortedRows,
  type ColumnMatrix,
  gatherRows,
  isAscending,
} from './column-matrix.ts';
import { LightGBMDataError } from './errors.ts';
import { assertFeatureNames } from './feature-names.ts';
import {
  type CheckedParameters,
  checkParameters,
  type LightGBMParameters,
  parameterText,
} from './parameters.ts';

/** What a dataset is made of. */
export interface DatasetSource extends ColumnMatrix {
  /** Rows to take, each once; the dataset has them in this order. All when absent. */
  readonly selected?: Int32Array | undefined;
  /** Parameters of binning (`max_bin`, `min_data_in_leaf` with `feature_pre_filter`…). */
  readonly parameters?: LightGBMParameters | undefined;
  /** One per column; `Column_0`, `Column_1`… when absent. */
  readonly featureNames?: readonly string[] | undefined;
  /** One per row of the dataset, so one per selected row. */
  readonly label?: Float32Array | undefined;
  /** One per row of the dataset, finite and ≥ 0. */
  readonly weight?: Float32Array | undefined;
  /** Sizes of the queries that a ranker orders within, in the order of the rows. */
  readonly group?: Int32Array | undefined;
}

let internalsOf: (dataset: Dataset) => DatasetInternals;

/** What a booster needs of a dataset. */
export interface DatasetInternals {
  readonly handle: NativeHandle;
  readonly parameters: CheckedParameters;
}

/**
 * Rows that LightGBM has sorted into bins. All calls are synchronous; call them on one thread, and dispose of
 * the dataset on that thread, too.
 *
 * @example
 * const dataset = Dataset.fromColumns({ values, rows: 1000, columns: 8, label });
 * const fold = dataset.subset(Int32Array.from([0, 1, 5, 8]));
 * fold.dispose();
 * dataset.dispose();
 */
export class Dataset implements Disposable {
  static {
    internalsOf = (dataset) => ({ handle: dataset.#handle, parameters: dataset.#parameters });
  }

  readonly #handle: NativeHandle;
  readonly #parameters: CheckedParameters;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns, also of those that turned out to be constant. */
  readonly columns: number;

  private constructor(pointer: bigint, parameters: CheckedParameters) {
    this.#handle = new NativeHandle('dataset', pointer, (freed) => call('LGBM_DatasetFree', freed));
    this.#parameters = parameters;
    this.rows = readInt((out) => call('LGBM_DatasetGetNumData', pointer, out));
    this.columns = readInt((out) => call('LGBM_DatasetGetNumFeature', pointer, out));
  }

  /**
   * Finds bins and sorts rows into them. The values are read in place; only a selection of rows is gathered
   * first, once. LightGBM keeps bins, not values, so the matrix may go afterwards.
   *
   * @throws {LightGBMDataError} where lengths or row numbers do not fit together
   * @throws {LightGBMParameterError} for a parameter that cannot be used
   * @throws {LightGBMCallError} where LightGBM refuses the data
   */
  static fromColumns(source: DatasetSource): Dataset {
    assertColumnMatrix(source);
    if (source.featureNames) assertFeatureNames(source.featureNames, source.columns);
    const parameters = checkParameters(source.parameters ?? {});
    const { values, rows, columns } = selectedRows(source);
    const { C_API_DTYPE_FLOAT32 } = CONSTANTS;
    const text = parameterText(parameters);
    const pointer = readPointer((out) =>
      call('LGBM_DatasetCreateFromMat', values, C_API_DTYPE_FLOAT32, rows, columns, 0, text, null, out),
    );
    return new Dataset(pointer, parameters).#describedBy(source);
  }

  /**
   * Some rows of this dataset, in the same bins. Labels and weights come along; queries do not: set them on
   * the subset.
   *
   * @param rows row numbers of this dataset, ascending; a row may stand there several times, each time a row of its own
   */
  subset(rows: Int32Array): Dataset {
    const { pointer } = this.#handle;
    assertSortedRows('The rows of the subset', rows, this.rows);
    const text = parameterText(this.#parameters);
    const subset = readPointer((out) => call('LGBM_DatasetGetSubset', pointer, rows, rows.length, text, out));
    return new Dataset(subset, this.#parameters);
  }

  /** Sets what is to be predicted: one finite number per row. */
  setLabel(label: Float32Array): void {
    this.#setField('label', label, CONSTANTS.C_API_DTYPE_FLOAT32);
  }

  /** Sets how much each row counts: one finite number ≥ 0 per row. */
  setWeight(weight: Float32Array): void {
    const negative = weight.findIndex((value) => value < 0);
    if (negative >= 0) throw unusable('weight', 'numbers ≥ 0', `${weight[negative]} in row ${negative}`);
    this.#setField('weight', weight, CONSTANTS.C_API_DTYPE_FLOAT32);
  }

  /** Sets the sizes of the queries that a ranker orders within; together they are all rows. */
  setGroup(sizes: Int32Array): void {
    const { pointer } = this.#handle;
    const sum = sizes.reduce((total, size) => total + size, 0);
    if (sum !== this.rows || sizes.some((size) => size <= 0)) {
      throw unusable(
        'group',
        `sizes ≥ 1 whose sum is ${this.rows}`,
        `${sizes.length} sizes whose sum is ${sum}`,
      );
    }
    call('LGBM_DatasetSetField', pointer, 'group', sizes, sizes.length, CONSTANTS.C_API_DTYPE_INT32);
  }

  /** How many bins a column has; 0 for one that is left out, because it is constant or filtered. */
  binsOf(column: number): number {
    const { pointer } = this.#handle;
    return readInt((out) => call('LGBM_DatasetGetFeatureNumBin', pointer, column, out));
  }

  /** Frees the native memory, as soon as no booster uses it any more. */
  dispose(): void {
    this.#handle.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #describedBy({ featureNames, label, weight, group }: DatasetSource): Dataset {
    try {
      if (featureNames) {
        const { pointer } = this.#handle;
        call('LGBM_DatasetSetFeatureNames', pointer, featureNames, featureNames.length);
      }
      if (label) this.setLabel(label);
      if (weight) this.setWeight(weight);
      if (group) this.setGroup(group);
      return this;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #setField(field: 'label' | 'weight', values: Float32Array, type: number): void {
    const { pointer } = this.#handle;
    if (values.length !== this.rows) {
      throw unusable(field, `${this.rows} numbers, one per row`, `${values.length} numbers`);
    }
    const broken = values.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) throw unusable(field, 'finite numbers', `${values[broken]} in row ${broken}`);
    call('LGBM_DatasetSetField', pointer, field, values, values.length, type);
  }
}

/** For {@link Dataset}'s colleagues in this package; not exported from it. */
export function datasetInternals(dataset: Dataset): DatasetInternals {
  return internalsOf(dataset);
}

function selectedRows(source: DatasetSource): ColumnMatrix {
  const { selected, rows, columns } = source;
  if (selected === undefined) return source;
  assertDistinctRows('The selection of rows', selected, rows);
  if (selected.length === rows && isAscending(selected)) return source;
  const values = new Float32Array(selected.length * columns);
  gatherRows(source, selected, values);
  return { values, rows: selected.length, columns };
}

function unusable(field: string, expected: string, found: string): LightGBMDataError {
  return new LightGBMDataError({ what: `The ${field} of the dataset`, expected, found });
}
