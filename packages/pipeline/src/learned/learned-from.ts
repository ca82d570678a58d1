import { readTextLists, TextIndex } from '@risk-scoring/contract';
import { fingerprintPeriod, type TableFingerprint } from '@risk-scoring/extraction';
import { readClusterRows } from '@risk-scoring/features';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { type Dates, readClusters } from './facts-of-rows.ts';

/** Which addresses a model may have learned from, or why nobody can tell. */
export type LearnedFrom =
  | { readonly known: true; readonly has: (addresses: readonly string[]) => boolean }
  | { readonly known: false; readonly reason: string };

/**
 * The addresses that a model may have learned from: those with an alert in its training period (of a cluster scorer, those that stand in a cluster of
 * it), whether or not they had a label, but for the addresses of its holdout. A model that was refitted on all rows has no holdout left.
 *
 * They are read from the database, so this can be told only while it holds the same alerts (and clusters) as in the training.
 *
 * @example
 * const learned = await learnedFrom(database, model);
 * if (learned.known) learned.has(['0xab…']);
 */
export async function learnedFrom(
  database: Database,
  { metadata, holdoutGroups }: Pick<StoredModel, 'metadata' | 'holdoutGroups'>,
): Promise<LearnedFrom> {
  const { start_date: startDate, end_date: endDate, window_days: windowDays } = metadata.training_period;
  const period: Dates = { startDate, endDate, windowDays };
  const ofClusters = metadata.model_type === 'cluster_scorer';
  const now = await fingerprintPeriod(database, { network: database.network, ...period });
  const differs = differing(now, metadata.data_fingerprint, ofClusters ? CLUSTER_TABLES : ALERT_TABLES);
  if (differs !== undefined) {
    return {
      known: false,
      reason: `what ${metadata.model_id} learned from cannot be told: of ${startDate} to ${endDate} the database holds ${differs}`,
    };
  }
  const holdout = metadata.refit ? [] : holdoutGroups;
  const learned = ofClusters
    ? await addressesOfClusters(database, period, holdout)
    : await addressesOfAlerts(database, period, holdout);
  return { known: true, has: (addresses) => addresses.some((address) => learned.findText(address) >= 0) };
}

const ALERT_TABLES = ['raw_alerts'];
const CLUSTER_TABLES = ['raw_alerts', 'raw_clusters'];

/** Which of the tables that name addresses holds other rows than in the training. */
function differing(
  now: Readonly<Record<string, TableFingerprint>>,
  then: Readonly<Record<string, TableFingerprint>>,
  tables: readonly string[],
): string | undefined {
  for (const table of tables) {
    const [held, trained] = [now[table], then[table]];
    if (trained === undefined) return `no fingerprint of ${table} to compare with`;
    if (held?.rows !== trained.rows)
      return `${held?.rows ?? 0} rows in ${table}, and ${trained.rows} were trained on`;
    if (held.hash !== trained.hash) return `other rows in ${table} than were trained on`;
  }
  return undefined;
}

async function addressesOfAlerts(
  database: Database,
  { startDate: start, endDate: end, windowDays: window }: Dates,
  holdout: readonly string[],
): Promise<TextIndex> {
  const kept = new TextIndex({ compare: 'addresses' });
  for (const address of holdout) kept.addText(address);
  const learned = new TextIndex({ compare: 'addresses' });
  // One row: an address as it is spelt.
  const batches = database.arrowBatches({
    sql: `SELECT DISTINCT address
FROM published_alerts
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}`,
    params: { start, end, window },
    doing: 'reading the addresses of the training period',
  });
  for await (const batch of batches) {
    const column = batch.getChild('address');
    for (let row = 0; row < batch.numRows; row++) {
      const address = String(column?.get(row));
      if (kept.findText(address) < 0) learned.addText(address);
    }
  }
  return learned;
}

/** The members of all clusters whose group was not set aside; groups are found and named as in the training. */
async function addressesOfClusters(
  database: Database,
  period: Dates,
  holdout: readonly string[],
): Promise<TextIndex> {
  const clusters = await readClusters(database, period);
  const { splitGroups, splitGroupNames } = readClusterRows(clusters);
  const kept = new Set(holdout);
  const learned = new TextIndex({ compare: 'addresses' });
  for (const [row, members] of readTextLists(clusters, 'addresses_involved').entries()) {
    if (kept.has(splitGroupNames[splitGroups[row] ?? -1] ?? '')) continue;
    for (const member of members) learned.addText(member);
  }
  return learned;
}
