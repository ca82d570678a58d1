import { addColumn, TextIndex } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';

/** Scores of addresses: a label belongs to an address, so its alerts get one together. */
export interface AddressMeans {
  /** Place of each alert's address. */
  readonly places: Int32Array;
  /** Mean score of the address's given rows, NaN where it has none. */
  readonly means: Float64Array;
  /** How many of the given rows are its own. */
  readonly counts: Int32Array;
}

/**
 * The mean score of each address over some rows.
 *
 * @param scores one per alert; rows with NaN are left out
 */
export function meansByAddress(alerts: Table, rows: Int32Array, scores: Float64Array): AddressMeans {
  const addresses = new TextIndex({ compare: 'addresses' });
  const places = addColumn(addresses, alerts, 'address');
  const means = new Float64Array(addresses.size);
  const counts = new Int32Array(addresses.size);
  for (const row of rows) {
    const score = scores[row] ?? Number.NaN;
    const place = places[row] ?? 0;
    if (Number.isNaN(score)) continue;
    means[place] = (means[place] ?? 0) + score;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  for (let place = 0; place < means.length; place++) {
    const count = counts[place] ?? 0;
    means[place] = count === 0 ? Number.NaN : (means[place] ?? 0) / count;
  }
  return { places, means, counts };
}
