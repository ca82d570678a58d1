/** One feature: what a model sees, and what a reader needs to know of it. */
export interface FeatureColumn {
  /** Unique within the matrix, the SQL alias and the name in the model. */
  readonly name: string;
  /** The feature group that computes it. */
  readonly group: string;
  readonly kind: 'numeric' | 'boolean' | 'categorical';
  readonly meaning: string;
  /** `USD`, `days`, `count`, `ratio`…; absent where it has none. */
  readonly unit?: string;
  /** What NaN says in this column. */
  readonly missing: string;
  /** The value of an alert whose address has no row in a group per address; NaN when left out. */
  readonly absent?: number;
}

/** Names of the rows: what one row of the matrix is about. */
export interface RowKeys {
  /** Processing date of the row's snapshot, in days since 1970-01-01. */
  readonly processingDates: Int32Array;
  /** alert_id (or cluster_id), unique within a processing date. */
  readonly ids: readonly string[];
}

/**
 * Features of many rows, column-major: `values[column * rows + row]`. NaN means unknown.
 *
 * Carries neither Arrow, ClickHouse nor LightGBM, so that a trainer package needs none of them.
 * Splits are index arrays into this one matrix; nobody copies it and nobody writes into it.
 * `values` may lie on a SharedArrayBuffer, so that a worker thread reads it in place.
 */
export interface FeatureMatrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: readonly FeatureColumn[];
  readonly keys: RowKeys;
  /** What must not straddle a split (the address, the cluster): dense codes 0 … groups - 1, one per row. */
  readonly splitGroups: Int32Array;
  /** The name behind each code of `splitGroups`: `splitGroupNames[splitGroups[row]]`. */
  readonly splitGroupNames: readonly string[];
  /** What a ranker orders within (the snapshot): dense codes, one per row. */
  readonly queryIds: Int32Array;
  /** sha256 over names, order, kinds, the SQL and the encodings of the columns. */
  readonly schemaHash: string;
}
