import type { FeatureGroup } from '@risk-scoring/contract';
import { isOwn } from '../groups/own-groups.ts';
import { type Alteration, madeOf } from '../relations/alterations.ts';
import { mentionedRelations, relationsOf } from '../relations/compose-query.ts';
import { sources } from '../relations/snapshot-relations.ts';

/**
 * Whether a group can see one of the columns: it reads a relation of its table and, of this package's groups, which name every column that they read,
 * also mentions it. Labels stand behind names of their own, so who reads them is always computed.
 */
export function maySee(group: FeatureGroup, altered: Alteration['columns']): boolean {
  if (group.readsLabels) return Object.keys(altered).length > 0;
  const read = mentionedRelations(group.sql, relationsOf(group));
  return Object.entries(sources).some(([name, { table }]) => {
    const columns = altered[table] ?? [];
    if (columns.length === 0 || !(read.includes(name) || read.includes(`earlier_${name}`))) return false;
    if (!isOwn(group)) return true;
    const names = columns.flatMap((column) => [column.name, madeOf(column.name) ?? column.name]);
    return names.some((column) => new RegExp(`\\b${column}\\b`).test(group.sql));
  });
}
