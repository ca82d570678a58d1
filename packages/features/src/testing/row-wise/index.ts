import type { Encodings } from '../../catalogue.ts';
import { addressFeatures } from './address.ts';
import { alertFeatures } from './alert.ts';
import { clusterFeatures } from './cluster.ts';
import { historyFeatures } from './history.ts';
import { networkFeatures } from './network.ts';
import { statisticalFeatures } from './statistical.ts';
import { temporalFeatures } from './temporal.ts';
import { surroundingsOf, type World } from './world.ts';

export { readWorld, type World } from './world.ts';

/** The features of one alert, by column name. */
export interface RowWiseRow {
  readonly date: string;
  readonly id: string;
  readonly address: string;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The features of every alert, computed row by row in plain code from what they mean: slow, and written without a look at the SQL,
 * so that the two can be held against each other.
 *
 * @returns rows by processing date, then alert_id
 * @example
 * const rows = rowWiseFeatures(await readWorld(database, 30), { encodings: {}, evidenceKeys: [] });
 */
export function rowWiseFeatures(
  world: World,
  { encodings, evidenceKeys }: { readonly encodings: Encodings; readonly evidenceKeys: readonly string[] },
): RowWiseRow[] {
  return surroundingsOf(world).map((around) => ({
    date: around.date,
    id: String(around.alert.alert_id),
    address: String(around.alert.address),
    values: {
      ...alertFeatures(around, encodings, evidenceKeys),
      ...addressFeatures(around),
      ...temporalFeatures(around),
      ...statisticalFeatures(around),
      ...clusterFeatures(around),
      ...networkFeatures(around),
      ...historyFeatures(around),
    },
  }));
}
