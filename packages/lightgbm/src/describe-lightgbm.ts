import { Booster } from './booster.ts';
import { describeLibrary, type LibraryDescription } from './capi/library-location.ts';
import { loadKoffi } from './capi/load-koffi.ts';
import { Dataset } from './dataset.ts';
import { LightGBMLibraryInvalidError } from './errors.ts';

/** The bridge to native libraries. */
export interface KoffiDescription {
  readonly version: string;
}

/**
 * Says which koffi is loaded, the package that calls native libraries.
 *
 * @example
 * describeKoffi(); // { version: '3.3.4' }
 */
export function describeKoffi(): KoffiDescription {
  return { version: loadKoffi().version };
}

/**
 * Says which LightGBM is used, after it has loaded, trained a tree on this thread and told two groups of rows apart. Takes some
 * milliseconds.
 *
 * @throws {LightGBMLibraryNotFoundError} where there is no library
 * @throws {LightGBMLibraryInvalidError} where it cannot be loaded, or learns nothing
 * @throws {LightGBMCallError} where it refuses
 * @example
 * describeLightgbm(); // { path: '…/lib_lightgbm.so', version: '4.1.0.99' }
 */
export function describeLightgbm(): LibraryDescription {
  const library = describeLibrary();
  const [low, high] = trainOneTree();
  if (!(low < 0.5 && high > 0.5)) {
    throw new LightGBMLibraryInvalidError({
      path: library.path,
      reason: `a library that trains wrongly: after one tree it gives ${low} for rows labelled 0 and ${high} for rows labelled 1`,
    });
  }
  return library;
}

/** What one tree predicts for rows like the first half, labelled 0, and like the second half, labelled 1. */
function trainOneTree(): [low: number, high: number] {
  const rows = 40;
  const values = Float32Array.from({ length: rows }, (_, row) => row);
  const label = values.map((value) => (value < rows / 2 ? 0 : 1));
  const parameters = { objective: 'binary', min_data_in_leaf: 1, num_threads: 1, verbosity: -1 };
  using dataset = Dataset.fromColumns({ values, rows, columns: 1, label, parameters });
  using booster = Booster.create(dataset, parameters);
  booster.updateOneIteration();
  const [low = Number.NaN, high = Number.NaN] = booster.predict({
    values: Float32Array.of(0, rows - 1),
    rows: 2,
    columns: 1,
    threads: 1,
  });
  return [low, high];
}
