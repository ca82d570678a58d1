import { addressKey } from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';
import { addressKeySql, type Database } from '@risk-scoring/storage';

/** Tells rows that a model may have learned from. */
export interface KnownRows {
  /** Whether the model may know the row: an alert by its address, a cluster by its id. */
  has(row: { readonly id: string; readonly address: string }): boolean;
}

/**
 * Which rows of a snapshot a model may have learned from: alerts whose address has an alert in the training period, unless it was held out, and
 * clusters with an address that stands in a cluster of the training period. What is not among them is as new to the model as its holdout was.
 *
 * @example
 * const known = await knownRows(database, { model, processingDate: '2020-01-01', windowDays: 30 });
 * known.has({ id: 'alert-1', address: '0xab' });
 */
export async function knownRows(
  database: Database,
  snapshot: { readonly model: StoredModel; readonly processingDate: string; readonly windowDays: number },
): Promise<KnownRows> {
  const { model, processingDate, windowDays } = snapshot;
  const { start_date: from, end_date: to } = model.metadata.training_period;
  const params = { date: processingDate, window: windowDays, from, to };
  if (model.metadata.model_type === 'cluster_scorer') {
    const ids = await knownClusters(database, params);
    return { has: ({ id }) => ids.has(id) };
  }
  const addresses = await knownAddresses(database, params);
  for (const address of model.holdoutGroups) addresses.delete(addressKey(address));
  return { has: ({ address }) => addresses.has(addressKey(address)) };
}

type Params = Readonly<Record<'date' | 'from' | 'to', string>> & { readonly window: number };

async function knownAddresses(database: Database, params: Params): Promise<Set<string>> {
  const key = addressKeySql('address');
  // One row is an address of the snapshot that has an alert in the training period, too.
  const rows = await database.query<{ known: string }>({
    sql: `SELECT DISTINCT ${key} AS known
FROM published_alerts
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
    AND ${key} IN
    (
        SELECT ${key}
        FROM published_alerts
        WHERE processing_date BETWEEN {from:Date} AND {to:Date} AND window_days = {window:UInt16}
    )`,
    params,
    doing: 'finding the addresses that the model may know',
  });
  return new Set(rows.map(({ known }) => known));
}

async function knownClusters(database: Database, params: Params): Promise<Set<string>> {
  const key = addressKeySql('member');
  // One row is a cluster of the snapshot that shares an address with one of the training period.
  const rows = await database.query<{ known: string }>({
    sql: `SELECT DISTINCT cluster_id AS known
FROM published_clusters
ARRAY JOIN addresses_involved AS member
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
    AND ${key} IN
    (
        SELECT ${key}
        FROM published_clusters
        ARRAY JOIN addresses_involved AS member
        WHERE processing_date BETWEEN {from:Date} AND {to:Date} AND window_days = {window:UInt16}
    )`,
    params,
    doing: 'finding the clusters that the model may know',
  });
  return new Set(rows.map(({ known }) => known));
}
