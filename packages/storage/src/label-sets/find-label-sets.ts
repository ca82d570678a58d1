import type { Database } from '../database.ts';
import { LabelSetNotFoundError } from './errors.ts';
import type { LabelSetName } from './names.ts';
import { latestLabelSets } from './published-labels.ts';

/** A version of a data set that readers see. */
interface KnownSet extends LabelSetName {
  readonly isLatest: number;
}

/**
 * The versions of a data set that readers see: all of them, or the one that is named.
 *
 * @throws {LabelSetNotFoundError} where there is none, naming those that there are
 */
export async function findLabelSets(
  database: Database,
  { dataSet, version }: { readonly dataSet: string; readonly version?: string | undefined },
): Promise<KnownSet[]> {
  const known = await database.query<KnownSet>({
    sql: `SELECT DISTINCT data_set AS dataSet, data_set_version AS version,
    tuple(data_set, data_set_version) IN (${latestLabelSets}) AS isLatest
FROM published_miner_labels
ORDER BY dataSet, version`,
    doing: 'looking for a label set',
  });
  const found = known.filter(
    (set) => set.dataSet === dataSet && (version === undefined || set.version === version),
  );
  if (found.length > 0) return found;
  const ofDataSet = known.filter((set) => set.dataSet === dataSet);
  throw new LabelSetNotFoundError({
    wanted: version === undefined ? dataSet : `${dataSet}@${version}`,
    known: (ofDataSet.length > 0 ? ofDataSet : known).map((set) => `${set.dataSet}@${set.version}`),
  });
}
