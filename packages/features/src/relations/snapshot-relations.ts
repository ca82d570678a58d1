import { altered } from './alterations.ts';
import type { Relation } from './scope.ts';

/** How a table is shown to groups. */
export interface Source {
  readonly table: string;
  /** Columns that no group sees: the product's own, and the labels that an alert may carry itself. */
  readonly hidden: string;
  /** The numbers under which its addresses are compared. */
  readonly keys: string;
}

const own = 'window_days, batch_id, created_at';

/** The tables that groups see, by the name of the relation. */
export const sources: Readonly<Record<string, Source>> = {
  alerts: {
    table: 'raw_alerts',
    hidden: `${own}, label, label_source, label_confidence, labeled_at, labeled_by`,
    keys: 'address_key',
  },
  features: { table: 'raw_features', hidden: own, keys: 'address_key' },
  clusters: { table: 'raw_clusters', hidden: own, keys: 'member_keys' },
  money_flows: { table: 'raw_money_flows', hidden: own, keys: 'from_key, to_key' },
};

/** One row: one published row of the snapshots that are computed. */
function ofSnapshot({ table, hidden, keys }: Source): Relation {
  return {
    select(scope, params) {
      params.processing_dates = scope.dates;
      params[`${table}_batches`] = [
        '',
        ...new Set(scope.dates.flatMap((date) => scope.batches.of(table, date))),
      ];
      const select = `SELECT * EXCEPT (${hidden}), ${keys} FROM ${table}
WHERE window_days = {window_days:UInt16} AND processing_date IN {processing_dates:Array(Date)} AND batch_id IN {${table}_batches:Array(String)}`;
      return altered(select, table, { alteration: scope.alteration, params });
    },
  };
}

/** One row: one published row of an earlier snapshot of the same window than those that are computed. */
function ofEarlier({ table, hidden, keys }: Source): Relation {
  return {
    select(scope, params) {
      params.first_date = scope.dates[0];
      params[`earlier_${table}_batches`] = ['', ...new Set(scope.batches.before(table, scope.dates[0]))];
      const select = `SELECT * EXCEPT (${hidden}), ${keys} FROM ${table}
WHERE window_days = {window_days:UInt16} AND processing_date < {first_date:Date} AND batch_id IN {earlier_${table}_batches:Array(String)}`;
      return altered(select, table, { alteration: scope.alteration, params });
    },
  };
}

/** `alerts`, `features`, `clusters`, `money_flows`, and the same of earlier snapshots: `earlier_alerts` … */
export const snapshotRelations: Readonly<Record<string, Relation>> = Object.fromEntries(
  Object.entries(sources).flatMap(([name, source]): [string, Relation][] => [
    [name, ofSnapshot(source)],
    [`earlier_${name}`, ofEarlier(source)],
  ]),
);
