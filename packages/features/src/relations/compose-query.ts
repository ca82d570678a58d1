import type { FeatureGroup, FeatureRow } from '@risk-scoring/contract';
import { quote } from '@risk-scoring/storage';
import type { Encodings } from '../catalogue.ts';
import { unquotedSql } from '../extension/plain-sql.ts';
import { innerLabelRelations, labelRelations } from './label-relations.ts';
import { networkRelations } from './network-relations.ts';
import { narrowedFor, ofPart } from './parts.ts';
import type { Params, Relation, Scope } from './scope.ts';
import { snapshotRelations } from './snapshot-relations.ts';

/** The version of what the relations hold; part of every schema hash. */
export const RELATIONS_VERSION = 1;

/** A query, and the values that it binds. */
export interface ComposedQuery {
  readonly sql: string;
  readonly params: Params;
}

/** What each row of a group is known by. */
export const KEY_COLUMN: Readonly<Record<FeatureRow, string>> = {
  alert: 'alert_id',
  address: 'address_key',
  cluster: 'cluster_id',
};

const ROW_KEYS: Readonly<Record<FeatureRow, string>> = {
  alert: 'cityHash64(processing_date, alert_id)',
  address: 'cityHash64(processing_date, address_key)',
  cluster: 'cityHash64(processing_date, cluster_id)',
};

/** The relations that a group may read, by name. */
export function relationsOf(
  group: Pick<FeatureGroup, 'readsLabels' | 'otherNetworks'>,
): Readonly<Record<string, Relation>> {
  return {
    ...snapshotRelations,
    ...(group.readsLabels ? labelRelations : {}),
    ...(group.otherNetworks ? networkRelations : {}),
  };
}

/** The relations that a SELECT mentions, each after those that it reads itself. */
export function mentionedRelations(sql: string, available: Readonly<Record<string, Relation>>): string[] {
  const known: Readonly<Record<string, Relation>> = { ...available, ...innerLabelRelations };
  const ordered: string[] = [];
  const visit = (name: string) => {
    if (ordered.includes(name)) return;
    for (const read of known[name]?.reads ?? []) visit(read);
    ordered.push(name);
  };
  for (const name of named(sql, available)) visit(name);
  return ordered;
}

/** The relations whose names stand in a SELECT, quoted or not, outside of texts and comments. */
function named(sql: string, available: Readonly<Record<string, Relation>>): string[] {
  const names = unquotedSql(sql);
  return Object.keys(available).filter((name) => new RegExp(`\\b${name}\\b`).test(names));
}

/**
 * The relations that a group reads, by name: those of its SELECT outside of texts and comments.
 *
 * @example
 * relationsRead(historyGroup); // ['alerts', 'earlier_features', 'features']
 */
export function relationsRead(group: FeatureGroup): string[] {
  return named(group.sql, relationsOf(group)).sort();
}

/**
 * A group's SELECT over the relations of a scope, each column as float32 and NaN where it is NULL. It can see nothing later than
 * the scope's last snapshot, because no relation holds it.
 *
 * One row: one row of the group, with the hash of its key.
 */
export function composeGroup(group: FeatureGroup, scope: Scope, encodings: Encodings): ComposedQuery {
  const narrowed = narrowedFor(group);
  const { prelude, params } = composeRelations(group.sql, { ...scope, narrowed }, relationsOf(group));
  for (const name of Object.keys(group.encodings ?? {})) params[`encoding_${name}`] = encodings[name] ?? [];
  const columns = group.columns.map(({ name }) => `toFloat32(ifNull(${quote(name)}, nan)) AS ${quote(name)}`);
  return {
    sql: `${prelude}SELECT
    ${[`${ROW_KEYS[group.per]} AS row_key`, ...columns].join(',\n    ')}
FROM
(
${group.sql}
) AS features_of_group${onlyPart(group, scope, params)}`,
    params,
  };
}

/** Keeps what a group computed to the rows of the scope's part; empty where there is none, or nothing else was computed. */
function onlyPart(group: FeatureGroup, scope: Scope, params: Params): string {
  if (scope.part === undefined) return '';
  if (group.per === 'address') return `\nWHERE ${ofPart(scope.part, ['address_key'], params)}`;
  if (narrowedFor(group).has('alerts')) return '';
  const alerts = snapshotRelations.alerts?.select(
    { ...scope, narrowed: ALERTS, alteration: undefined },
    params,
  );
  return `\nWHERE alert_id IN\n(\nSELECT alert_id FROM (${alerts}) AS alerts_of_part\n)`;
}

const ALERTS: ReadonlySet<string> = new Set(['alerts']);

/**
 * The rows of a scope's snapshots, or of its part. One row: one alert (or cluster), by date and id.
 *
 * @param withNames also the id and the address as texts
 * @param ids only these rows
 */
export function composeBase(
  per: Exclude<FeatureRow, 'address'>,
  scope: Scope,
  { withNames, ids }: { readonly withNames: boolean; readonly ids?: readonly string[] | undefined },
): ComposedQuery {
  const id = KEY_COLUMN[per];
  const columns = [
    `${ROW_KEYS[per]} AS row_key`,
    ...(per === 'alert' ? [`${ROW_KEYS.address} AS address_hash`] : []),
    ...(withNames ? ['processing_date', id, ...(per === 'alert' ? ['address'] : [])] : []),
  ];
  const where = ids === undefined ? '' : `WHERE ${id} IN {ids:Array(String)} `;
  const select = `SELECT ${columns.join(', ')} FROM ${per}s ${where}ORDER BY processing_date, ${id}`;
  const { prelude, params } = composeRelations(select, { ...scope, narrowed: ALERTS }, snapshotRelations);
  return { sql: `${prelude}${select}`, params: ids === undefined ? params : { ...params, ids } };
}

/**
 * Who is in the clusters of a scope's snapshots. One row: one address of one cluster, ordered by address. Half of the address's key is
 * enough: two addresses that shared it would merely be held together.
 */
export function composeMembers(scope: Scope): ComposedQuery {
  const select = `SELECT ${ROW_KEYS.cluster} AS row_key, toUInt64(member) AS member_key
FROM (SELECT processing_date, cluster_id, arrayJoin(arrayDistinct(member_keys)) AS member FROM clusters)
ORDER BY member_key`;
  const { prelude, params } = composeRelations(select, scope, snapshotRelations);
  return { sql: `${prelude}${select}`, params };
}

/**
 * The relations that a SELECT mentions, as CTEs to stand before it.
 *
 * @returns `WITH … `, empty where it mentions none, and what they bind
 */
export function composeRelations(
  sql: string,
  scope: Scope,
  available: Readonly<Record<string, Relation>>,
): { prelude: string; params: Params } {
  const params: Params = { window_days: scope.windowDays };
  const known: Readonly<Record<string, Relation>> = { ...available, ...innerLabelRelations };
  const relations = mentionedRelations(sql, available).map(
    (name) => `${name} AS\n(\n${known[name]?.select(scope, params) ?? ''}\n)`,
  );
  return { prelude: relations.length === 0 ? '' : `WITH\n${relations.join(',\n')}\n`, params };
}
