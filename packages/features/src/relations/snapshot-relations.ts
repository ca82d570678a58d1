import { altered } from './alterations.ts';
import { ofPart } from './parts.ts';
import type { Params, Relation, Scope } from './scope.ts';

/** How a table is shown to groups. */
export interface Source {
  readonly table: string;
  /** Columns that no group sees: the product's own, and the labels that an alert may carry itself. */
  readonly hidden: string;
  /** The numbers under which its addresses are compared. */
  readonly keys: readonly string[];
}

const own = 'window_days, batch_id, created_at';

/** The tables that groups see, by the name of the relation. */
export const sources: Readonly<Record<string, Source>> = {
  alerts: {
    table: 'raw_alerts',
    hidden: `${own}, label, label_source, label_confidence, labeled_at, labeled_by`,
    keys: ['address_key'],
  },
  features: { table: 'raw_features', hidden: own, keys: ['address_key'] },
  clusters: { table: 'raw_clusters', hidden: own, keys: ['member_keys'] },
  money_flows: { table: 'raw_money_flows', hidden: own, keys: ['from_key', 'to_key'] },
};

/** One row: one published row of the snapshots that are computed. */
function ofSnapshot(name: string, source: Source): Relation {
  const { table, hidden, keys } = source;
  return {
    select(scope, params) {
      params.processing_dates = scope.dates;
      params[`${table}_batches`] = [
        '',
        ...new Set(scope.dates.flatMap((date) => scope.batches.of(table, date))),
      ];
      const select = `SELECT * EXCEPT (${hidden}), ${keys.join(', ')} FROM ${table}
WHERE window_days = {window_days:UInt16} AND processing_date IN {processing_dates:Array(Date)} AND batch_id IN {${table}_batches:Array(String)}${narrowed(name, keys, { scope, params })}`;
      return altered(select, table, { alteration: scope.alteration, params });
    },
  };
}

/** One row: one published row of an earlier snapshot of the same window than those that are computed. */
function ofEarlier(name: string, source: Source): Relation {
  const { table, hidden, keys } = source;
  return {
    select(scope, params) {
      params.first_date = scope.dates[0];
      params[`earlier_${table}_batches`] = ['', ...new Set(scope.batches.before(table, scope.dates[0]))];
      const select = `SELECT * EXCEPT (${hidden}), ${keys.join(', ')} FROM ${table}
WHERE window_days = {window_days:UInt16} AND processing_date < {first_date:Date} AND batch_id IN {earlier_${table}_batches:Array(String)}${narrowed(name, keys, { scope, params })}`;
      return altered(select, table, { alteration: scope.alteration, params });
    },
  };
}

/** What keeps a relation to the rows of a part; empty where it is to be whole. */
function narrowed(
  name: string,
  keys: readonly string[],
  { scope, params }: { readonly scope: Scope; readonly params: Params },
): string {
  if (scope.part === undefined || !scope.narrowed?.has(name)) return '';
  return `\n    AND ${ofPart(scope.part, keys, params)}`;
}

/** `alerts`, `features`, `clusters`, `money_flows`, and the same of earlier snapshots: `earlier_alerts` … */
export const snapshotRelations: Readonly<Record<string, Relation>> = Object.fromEntries(
  Object.entries(sources).flatMap(([name, source]): [string, Relation][] => [
    [name, ofSnapshot(name, source)],
    [`earlier_${name}`, ofEarlier(`earlier_${name}`, source)],
  ]),
);
