import type { FeatureRow } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { RecordBatch } from 'apache-arrow';
import { composeBase } from '../relations/compose-query.ts';
import type { Scope } from '../relations/scope.ts';
import { halvesOf } from './arrow-columns.ts';
import { FeatureAlignmentError } from './errors.ts';
import { KeyIndex } from './key-index.ts';

/** Rows of a matrix that are computed together, of one or a few snapshots: alerts, or clusters. */
export interface ChunkRows {
  readonly count: number;
  /** The place of a row by the hash of its date and id. */
  readonly byId: KeyIndex;
  /** The number of a row's address and date, per row. None for clusters. */
  readonly addressOf: Int32Array;
  /** The number of an address and date by the hash of them. */
  readonly byAddress: KeyIndex;
  /** Whether these are only some of the snapshots' rows. */
  readonly partial: boolean;
}

/**
 * Reads which rows some snapshots have, by date and id.
 *
 * @param onBatch receives the ids and addresses, where somebody needs them
 * @throws {FeatureAlignmentError} when they have other rows than they had
 */
export async function readChunkRows(
  database: Database,
  scope: Scope,
  {
    per,
    name,
    expected,
    ids: only,
    onBatch,
    signal,
  }: {
    readonly per: Exclude<FeatureRow, 'address'>;
    /** For messages. */
    readonly name: string;
    readonly expected: number;
    readonly ids?: readonly string[] | undefined;
    readonly onBatch?: ((batch: RecordBatch) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ChunkRows> {
  const ids = new Uint32Array(expected * 2);
  const addresses = new Uint32Array(per === 'alert' ? expected * 2 : 0);
  let count = 0;
  const batches = database.arrowBatches({
    ...composeBase(per, scope, { withNames: onBatch !== undefined, ids: only }),
    beside: true,
    doing: `reading the ${per}s of ${name}`,
    ...(signal ? { signal } : {}),
  });
  for await (const batch of batches) {
    if (count + batch.numRows <= expected) {
      ids.set(halvesOf(batch, 'row_key'), count * 2);
      if (per === 'alert') addresses.set(halvesOf(batch, 'address_hash'), count * 2);
      onBatch?.(batch);
    }
    count += batch.numRows;
  }
  if (count !== expected) {
    throw new FeatureAlignmentError({
      group: 'keys',
      snapshots: name,
      expected: `${expected} ${per}s`,
      found: `${count}`,
    });
  }
  const { addressOf, distinct } = numberAddresses(addresses);
  const byId = new KeyIndex(ids);
  if (byId.duplicate >= 0) {
    throw new FeatureAlignmentError({
      group: 'keys',
      snapshots: name,
      expected: `each ${per} once`,
      found: 'an id that stands twice',
    });
  }
  return { count, byId, addressOf, byAddress: new KeyIndex(distinct), partial: only !== undefined };
}

/** Dense numbers of the addresses and dates, per row, and the hash of each. */
function numberAddresses(keys: Uint32Array): { addressOf: Int32Array; distinct: Uint32Array } {
  const rows = keys.length / 2;
  const first = new KeyIndex(keys);
  const addressOf = new Int32Array(rows);
  const distinct = new Uint32Array(keys.length);
  const numberOf = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const low = keys[2 * row] ?? 0;
    const high = keys[2 * row + 1] ?? 0;
    const place = first.find(low, high);
    if (place === row) {
      distinct[2 * count] = low;
      distinct[2 * count + 1] = high;
      numberOf[row] = count++;
    }
    addressOf[row] = numberOf[place] ?? -1;
  }
  return { addressOf, distinct: distinct.subarray(0, count * 2) };
}
