import { InvalidInputError, NoAlertsFoundError } from '@risk-scoring/contract';
import { type Database, publishedBatches } from '@risk-scoring/storage';
import { composeRelations } from '../relations/compose-query.ts';
import { partOf } from '../relations/parts.ts';
import type { Scope } from '../relations/scope.ts';
import { snapshotRelations } from '../relations/snapshot-relations.ts';
import type { FeatureSnapshot } from './chunks.ts';

/** A part is aimed at this share of the rows it may have, as parts are not of one size. */
const AIM = 0.9;
/** More parts must make the largest one this much smaller, or there is no use in them: one address may have most of the alerts. */
const GAIN = 0.95;

/**
 * Cuts a snapshot into parts of bounded size, each of which `buildFeatureMatrix` computes as if with all the others: the snapshot itself where
 * it is small enough. All alerts of an address are of one part, so that a part is larger than asked for where one address has more alerts.
 *
 * @param options.mostRows alerts of a part at most
 * @returns what to build a matrix of, one after the other; together each alert once
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {InvalidInputError} unless mostRows is a whole number from 1 on
 * @example
 * for (const part of await partsOfSnapshot(database, { processingDate: '2020-01-01', windowDays: 30, mostRows: 200_000 })) {
 *   const matrix = await buildFeatureMatrix(database, { snapshots: [part], plan });
 * }
 */
export async function partsOfSnapshot(
  database: Database,
  {
    processingDate,
    windowDays,
    mostRows,
  }: { readonly processingDate: string; readonly windowDays: number; readonly mostRows: number },
): Promise<FeatureSnapshot[]> {
  if (!Number.isInteger(mostRows) || mostRows < 1) {
    throw new InvalidInputError({
      what: 'The number of rows of a part',
      expected: 'a whole number from 1 on',
      found: `${mostRows}`,
    });
  }
  const scope: Scope = {
    dates: [processingDate],
    windowDays,
    batches: await publishedBatches(database, { windowDays, through: processingDate }),
    labels: { computationId: '', folds: 0 },
    otherNetworks: [],
  };
  let parts = await countParts(database, scope, 1);
  const rows = largest(parts);
  if (rows === 0) {
    throw new NoAlertsFoundError({
      period: { network: database.network, startDate: processingDate, endDate: processingDate, windowDays },
      available: 'none',
    });
  }
  let of = Math.ceil(rows / (mostRows * AIM));
  while (largest(parts) > mostRows && of <= rows) {
    const next = await countParts(database, scope, of);
    if (largest(next) > largest(parts) * GAIN) break;
    parts = next;
    of = Math.ceil(of * 1.5);
  }
  return parts;
}

/** The parts that have rows. */
async function countParts(database: Database, scope: Scope, of: number): Promise<FeatureSnapshot[]> {
  const [processingDate] = scope.dates;
  // One row: one part with alerts.
  const select = `SELECT toFloat64(${partOf('address_key')}) AS part_index, toFloat64(count()) AS rows
FROM alerts
GROUP BY part_index
ORDER BY part_index`;
  const { prelude, params } = composeRelations(select, scope, snapshotRelations);
  const counts = await database.query<{ part_index: number; rows: number }>({
    sql: `${prelude}${select}`,
    params: { ...params, part_of: of },
    doing: `counting the alerts of ${processingDate}`,
  });
  return counts.map(({ part_index: index, rows }) => ({
    processingDate,
    windowDays: scope.windowDays,
    rows,
    ...(of === 1 ? {} : { part: { index, of } }),
  }));
}

function largest(parts: readonly FeatureSnapshot[]): number {
  return parts.reduce((most, { rows }) => Math.max(most, rows), 0);
}
