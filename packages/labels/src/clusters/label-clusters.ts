import {
  findColumn,
  InvalidInputError,
  type LabelSet,
  readDays,
  readTextLists,
  TextIndex,
  UNLABELLED,
} from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { weakestKind } from '../label-kinds.ts';

/** When a cluster is suspicious. */
export interface ClusterLabelOptions {
  /**
   * The share of a cluster's labelled members, above 0 and up to 1, that have to be suspicious; one suspicious member is always needed. Left out:
   * one is enough.
   */
  readonly positiveShare?: number;
}

/** What {@link labelClusters} counted. */
export interface ClusterLabelReport {
  readonly clusters: number;
  /** Clusters of which no member has a label. */
  readonly without_labelled_member: number;
  /** Clusters with members of both labels. */
  readonly mixed: number;
}

/**
 * Labels clusters by the labels of their members. A member's label on a cluster's date is that of its alerts in that snapshot: suspicious where one of
 * them is. A cluster is suspicious when enough of its labelled members are, normal when some are labelled and too few of them suspicious, and
 * unlabelled otherwise. Its weight is the mean weight of the members that decided: of the suspicious ones, or of all labelled ones.
 *
 * @param clusters needs `processing_date` and `addresses_involved`
 * @param alerts those that `labelSet` labels; needs `processing_date` and `address`
 * @returns labels aligned with the rows of `clusters`; the source is `members`, of the weakest kind among the members' labels
 * @throws {InvalidInputError} for a share outside 0 to 1
 * @example
 * const { labels } = labelClusters(data.clusters, data.alerts, labelSet);
 */
export function labelClusters(
  clusters: Table,
  alerts: Table,
  labelSet: LabelSet,
  { positiveShare }: ClusterLabelOptions = {},
): LabelSet & { readonly report: ClusterLabelReport & Readonly<Record<string, unknown>> } {
  if (positiveShare !== undefined && !(positiveShare > 0 && positiveShare <= 1)) {
    throw new InvalidInputError({
      what: 'The share of suspicious members',
      expected: 'a number above 0 and up to 1, such as 0.5',
      found: positiveShare,
    });
  }
  const addresses = new TextIndex({ compare: 'addresses' });
  const members = readTextLists(clusters, 'addresses_involved').map((list) =>
    Array.from(new Set(list.map((address) => addresses.addText(address)))),
  );
  const said = membersLabels(alerts, labelSet, {
    addresses,
    places: findColumn(addresses, alerts, 'address'),
  });
  const dates = readDays(clusters, 'processing_date');
  const rows = clusters.numRows;
  const labels = new Int8Array(rows).fill(UNLABELLED);
  const weights = new Float32Array(rows);
  const codes = new Int32Array(rows).fill(-1);
  const report = { clusters: rows, without_labelled_member: 0, mixed: 0 };
  for (let row = 0; row < rows; row++) {
    const labelled = (members[row] ?? []).flatMap((place) => said.of(place, dates[row] ?? 0) ?? []);
    const suspects = labelled.filter(({ label }) => label === 1);
    const suspicious = suspects.length;
    const normal = labelled.length - suspicious;
    if (normal + suspicious === 0) {
      report.without_labelled_member += 1;
      continue;
    }
    if (normal > 0 && suspicious > 0) report.mixed += 1;
    const isPositive = suspicious > 0 && suspicious >= (positiveShare ?? 0) * (normal + suspicious);
    labels[row] = isPositive ? 1 : 0;
    weights[row] = meanWeight(isPositive ? suspects : labelled);
    codes[row] = 0;
  }
  return {
    labels,
    weights,
    sources: { names: ['members'], kinds: [weakestKind(labelSet)], codes },
    report: { ...labelSet.report, ...report },
  };
}

interface MemberLabel {
  readonly label: 0 | 1;
  /** The largest weight among the member's alerts with that label. */
  readonly weight: number;
}

function meanWeight(members: readonly MemberLabel[]): number {
  return members.reduce((sum, { weight }) => sum + weight, 0) / members.length;
}

/** What the alerts of a snapshot say of an address. */
function membersLabels(
  alerts: Table,
  { labels, weights }: LabelSet,
  { addresses, places }: { readonly addresses: TextIndex; readonly places: Int32Array },
): { of(place: number, date: number): MemberLabel | undefined } {
  const dates = readDays(alerts, 'processing_date');
  const known = new Map<number, MemberLabel>();
  const key = (place: number, date: number) => date * addresses.size + place;
  for (let alert = 0; alert < places.length; alert++) {
    const place = places[alert] ?? -1;
    const label = labels[alert];
    if (place < 0 || (label !== 0 && label !== 1)) continue;
    const at = key(place, dates[alert] ?? 0);
    const held = known.get(at);
    const weight = weights[alert] ?? 0;
    if (held === undefined || label > held.label || (label === held.label && weight > held.weight))
      known.set(at, { label, weight });
  }
  return { of: (place, date) => (place < 0 ? undefined : known.get(key(place, date))) };
}
