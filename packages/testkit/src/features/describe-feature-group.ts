import type { FeatureGroup } from '@risk-scoring/contract';
import type { ConformanceOptions } from '../conformance/conformance-case.ts';
import { describeCases } from '../conformance/describe-cases.ts';
import { type ComputeFeatures, featureGroupCases } from './feature-group-cases.ts';

/** Options of {@link describeFeatureGroup}. */
export interface FeatureGroupSuiteOptions extends ConformanceOptions {
  readonly group: FeatureGroup;
  /**
   * Computes the columns of this group alone, for all alerts of the snapshots, or for those of `ids` (then of one snapshot): `buildFeatureMatrix` of
   * @risk-scoring/features on a database with some snapshots. It must show the group the dates asked for and the ones before, as it does.
   */
  readonly compute: ComputeFeatures;
  /** Processing dates of at least two snapshots, `YYYY-MM-DD`, ascending. */
  readonly dates: readonly string[];
  /** How many alerts each of these dates has. Default: not checked but that there are some. */
  readonly rows?: Readonly<Record<string, number>>;
  /** Columns that the data of the test leaves NaN for every alert. Default: none. */
  readonly unknownColumns?: readonly string[];
}

/**
 * The conformance suite of feature groups, as a vitest suite: one call in a test file. It proves on real snapshots what the SQL does not show: a row for each
 * alert, the same bits each time, for some alerts as for all, and for a snapshot alone as among later ones.
 *
 * @param name of the suite
 * @throws {InvalidInputError} where a known failure names no case
 * @example
 * describeFeatureGroup('my features', {
 *   group,
 *   dates: ['2025-02-03', '2025-02-10'],
 *   compute: (dates, ids) =>
 *     buildFeatureMatrix(database, { snapshots: snapshotsOf(dates, ids), plan: { groups: [group.name], encodings: {} }, groups: [group] }),
 * });
 */
export function describeFeatureGroup(name: string, options: FeatureGroupSuiteOptions): void {
  const { group, compute, dates, rows, unknownColumns = [] } = options;
  describeCases(
    name,
    { cases: featureGroupCases, subject: { group, compute, dates, rows, unknownColumns } },
    options,
  );
}
