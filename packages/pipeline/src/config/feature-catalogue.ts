import { type FeatureColumn, type FeatureRow, InvalidInputError, nearestNames } from '@risk-scoring/contract';
import { BUILT_IN, columnsOf, DEFAULT_GROUPS, type LoadedGroup, relationsRead } from '@risk-scoring/features';
import { builtInGroups, type FeatureConfig, loadGroups } from './feature-groups.ts';

/** A group as a reader of the catalogue sees it. */
export interface CatalogueGroup {
  readonly name: string;
  readonly per: FeatureRow;
  /** Whether a training uses it when nobody chooses. */
  readonly default: boolean;
  /** Whether a training uses it under the configuration at hand. */
  readonly used: boolean;
  /** What brought it. */
  readonly origin: string;
  /** The relations that its SELECT reads. */
  readonly reads: readonly string[];
  readonly columns: readonly FeatureColumn[];
}

/** What a name means: a group, a column, or, where both have it, one of each. */
export interface CatalogueMatch {
  readonly groups: readonly CatalogueGroup[];
  readonly columns: readonly { readonly column: FeatureColumn; readonly group: CatalogueGroup }[];
}

/**
 * All groups that can be used under a configuration: first those that are, in the order of the matrix.
 *
 * @throws {RiskScoringError} what featureGroupsOf throws
 * @example
 * const groups = await featureCatalogue(await readConfig({ folder: process.cwd() }));
 */
export async function featureCatalogue(config: FeatureConfig): Promise<CatalogueGroup[]> {
  const used = await loadGroups(config);
  const isUsed = new Set(used.map(({ group }) => group.name));
  const others = builtInGroups(config.features).filter(({ name }) => !isUsed.has(name));
  return [
    ...used.map((loaded) => describe(loaded, true)),
    ...others.map((group) => describe({ group, origin: BUILT_IN }, false)),
  ];
}

/**
 * What a name of the catalogue means.
 *
 * @throws {InvalidInputError} when nothing has the name, with the nearest ones
 * @example
 * findFeature(await featureCatalogue(config), 'pagerank').columns[0]?.column.meaning;
 */
export function findFeature(catalogue: readonly CatalogueGroup[], name: string): CatalogueMatch {
  const groups = catalogue.filter((group) => group.name === name);
  const columns = catalogue.flatMap((group) =>
    group.columns.filter((column) => column.name === name).map((column) => ({ column, group })),
  );
  if (groups.length > 0 || columns.length > 0) return { groups, columns };
  const nearest = nearestNames(name, [
    ...catalogue.map((group) => group.name),
    ...catalogue.flatMap((group) => group.columns.map((column) => column.name)),
  ]);
  throw new InvalidInputError({
    what: 'The name of a feature or group',
    expected: nearest.length > 0 ? `a known name, such as ${nearest.join(', ')}` : 'a known name',
    found: name,
    remedy: 'list the groups with: npx risk-scoring features list, and the columns of one with --group NAME',
  });
}

/**
 * The group of a name.
 *
 * @throws {InvalidInputError} when there is none, naming those that there are
 */
export function findGroup(catalogue: readonly CatalogueGroup[], name: string): CatalogueGroup {
  const found = catalogue.find((group) => group.name === name);
  if (found) return found;
  throw new InvalidInputError({
    what: 'The feature group',
    expected: `one of ${catalogue.map((group) => group.name).join(', ')}`,
    found: name,
    remedy: nearestRemedy(
      name,
      catalogue.map((group) => group.name),
    ),
  });
}

function describe({ group, origin }: LoadedGroup, used: boolean): CatalogueGroup {
  return {
    name: group.name,
    per: group.per,
    default: DEFAULT_GROUPS.some(({ name }) => name === group.name),
    used,
    origin,
    reads: relationsRead(group),
    columns: columnsOf([group]),
  };
}

function nearestRemedy(name: string, known: readonly string[]): string {
  const [nearest] = nearestNames(name, known, 1);
  return nearest === undefined
    ? 'name the group in features.groups of the configuration'
    : `did you mean ${nearest}?`;
}
