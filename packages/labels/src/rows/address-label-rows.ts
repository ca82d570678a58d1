import type { TextColumn } from '@risk-scoring/contract';

/**
 * What is said of addresses, row by row, wherever it came from: raw_address_labels, miner_labels or a file. An address may stand in
 * several rows that disagree.
 */
export interface AddressLabelRows {
  readonly rows: number;
  readonly addresses: TextColumn;
  /** 1 suspicious, 0 normal, -1 where the risk level is taken for neither. */
  readonly labels: Int8Array;
  /** Place of the row's risk level in `RISK_LEVELS`. */
  readonly levels: Int8Array;
  /** 0..1; 0 says nothing. */
  readonly confidences: Float32Array;
  readonly sources: TextColumn;
  /** Days since 1970-01-01 on which it was said: the processing date, or from when it holds. */
  readonly dates: Int32Array;
  /** First processing date that the row is about, in days since 1970-01-01; 0: any. */
  readonly validFrom: Int32Array;
}

/** The name of a source that has none. */
export const UNKNOWN_SOURCE = 'unknown';

/** The source of each row by its code in {@link AddressLabelRows}: trimmed, and `unknown` where it is empty. */
export function sourceNames({ sources }: Pick<AddressLabelRows, 'sources'>): string[] {
  return sources.values.map((name) => name.trim() || UNKNOWN_SOURCE);
}
