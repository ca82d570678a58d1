import { quote } from '@risk-scoring/storage';
import type { OtherNetwork, Params, Relation, Scope } from './scope.ts';
import { type Source, sources } from './snapshot-relations.ts';

/** A network's snapshot that a query may see: the latest one at or before the date. */
interface OtherSnapshot {
  readonly other: OtherNetwork;
  readonly date: string;
  /** What its values are bound under. */
  readonly prefix: string;
}

function snapshotsOf({ otherNetworks, dates: [date] }: Scope): OtherSnapshot[] {
  return otherNetworks.flatMap((other, index) => {
    const latest = other.dates.filter((each) => each <= date).at(-1);
    return latest === undefined ? [] : [{ other, date: latest, prefix: `other_${index}` }];
  });
}

/** One row: a network with a snapshot of the window at or before the date. */
const otherNetworks: Relation = {
  select(scope, params) {
    params.other_networks = snapshotsOf(scope).map(({ other }) => other.network);
    return 'SELECT arrayJoin({other_networks:Array(String)}) AS network';
  },
};

/**
 * One row: a row of such a snapshot under the key that its address has here: the same one, and that of every other address here which
 * belongs to the same entity. So a row may stand several times, with different keys.
 */
function ofOthers({ table, hidden }: Source): Relation {
  return {
    select(scope, params) {
      const parts = snapshotsOf(scope).flatMap((snapshot) => {
        const { other, date, prefix } = snapshot;
        const batches = `${prefix}_${table}_batches`;
        params[`${prefix}_network`] = other.network;
        params[`${prefix}_date`] = date;
        params[batches] = ['', ...other.batches.of(table, date)];
        const rows = `SELECT * EXCEPT (${hidden}), address_key AS there_key FROM ${quote(other.database)}.${quote(table)}
WHERE window_days = {window_days:UInt16} AND processing_date = {${prefix}_date:Date} AND batch_id IN {${batches}:Array(String)}`;
        const network = `{${prefix}_network:String} AS network`;
        return [
          `SELECT ${network}, * EXCEPT (there_key), there_key AS address_key FROM (${rows}) AS row_there`,
          `SELECT ${network}, row_there.* EXCEPT (there_key), here_key AS address_key FROM (${rows}) AS row_there
INNER JOIN (${entityLinks(snapshot, scope, params)}) AS link ON row_there.there_key = link.linked_key`,
        ];
      });
      const none = `SELECT '' AS network, * EXCEPT (${hidden}), address_key FROM ${quote(table)} WHERE false`;
      return parts.length === 0 ? none : parts.join('\nUNION ALL\n');
    },
  };
}

/**
 * One row: an address here and another one there of the same entity. A name means the same entity within one version of a data set.
 */
function entityLinks({ other, prefix }: OtherSnapshot, { dates: [date] }: Scope, params: Params): string {
  params.entity_network = other.entities.network;
  params.entity_batches = ['', ...other.entities.batches];
  params.entity_date = date;
  const known = (
    network: string,
    as: string,
  ) => `SELECT tuple(data_set, data_set_version, entity) AS ${as}_entity, address_key AS ${as}_key
    FROM entity_addresses
    WHERE network = ${network} AND valid_from <= {entity_date:Date} AND batch_id IN {entity_batches:Array(String)}`;
  return `SELECT DISTINCT here_key, linked_key
FROM (${known('{entity_network:String}', 'here')}) AS entity_here
INNER JOIN (${known(`{${prefix}_network:String}`, 'linked')}) AS entity_there ON entity_here.here_entity = entity_there.linked_entity
WHERE here_key != linked_key`;
}

/** What groups that may read other networks see of them: `other_networks`, `other_alerts`, `other_features`. */
export const networkRelations: Readonly<Record<string, Relation>> = {
  other_networks: otherNetworks,
  ...Object.fromEntries(
    ['alerts', 'features'].flatMap((name): [string, Relation][] => {
      const source = sources[name];
      return source === undefined ? [] : [[`other_${name}`, ofOthers(source)]];
    }),
  ),
};
