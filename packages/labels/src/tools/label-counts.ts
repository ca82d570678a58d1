import {
  dayText,
  type LabelKind,
  type LabelSet,
  readDays,
  readTextColumn,
  UNLABELLED,
} from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';

/** Alerts of one group, and how they are labelled. */
export interface AlertCounts {
  readonly alerts: number;
  readonly labelled: number;
  readonly suspicious: number;
  readonly normal: number;
}

/** Addresses with an alert. One with labels of both kinds, as labels that hold from a day on give, counts as suspicious and as normal. */
export interface AddressCounts {
  readonly addresses: number;
  readonly labelled: number;
  readonly suspicious: number;
  readonly normal: number;
}

/** How the alerts of a period are labelled. */
export interface LabelCounts {
  readonly alerts: AlertCounts;
  readonly addresses: AddressCounts;
  /** Suspicious among the labelled alerts, and among the labelled addresses; null where nothing is labelled. */
  readonly suspicious_share: { readonly alerts: number | null; readonly addresses: number | null };
  /** By processing date. */
  readonly snapshots: Readonly<Record<string, AlertCounts>>;
  /** By typology, in alphabetical order. */
  readonly typologies: Readonly<Record<string, AlertCounts>>;
  /** By source of the label, in alphabetical order, with what it rests on. */
  readonly sources: Readonly<Record<string, Omit<AlertCounts, 'alerts'> & { readonly kind: LabelKind }>>;
  /** Labelled alerts by what the label rests on. */
  readonly kinds: Readonly<Partial<Record<LabelKind, number>>>;
  /** Labelled alerts by weight, in ten steps from 0 to 1; a weight on a border belongs to the upper step, 1 and more to the last. */
  readonly weights: readonly number[];
}

const STEPS = 10;

/**
 * Counts the labels of alerts, as a whole and by whatever tells alerts apart.
 *
 * @param alerts needs processing_date and typology_type
 * @param labelSet aligned with `alerts`
 * @param places one number of 0 to `size` − 1 per alert for its address
 * @example
 * countLabels(data.alerts, labelSet, { places: index.add(addresses), size: index.size }).alerts.labelled;
 */
export function countLabels(
  alerts: Table,
  labelSet: LabelSet,
  { places, size }: { readonly places: Int32Array; readonly size: number },
): LabelCounts {
  const { labels } = labelSet;
  const total = new Counter(1);
  const days = readDays(alerts, 'processing_date');
  const dates = [...new Set(days)].sort((a, b) => a - b);
  const dateCodes = new Map(dates.map((day, code) => [day, code]));
  const byDate = new Counter(dates.length);
  const typologies = readTextColumn(alerts, 'typology_type');
  const byTypology = new Counter(typologies.values.length);
  const ofAddress = new Uint8Array(size);
  for (let alert = 0; alert < labels.length; alert++) {
    const label = labels[alert] ?? UNLABELLED;
    total.add(0, label);
    byDate.add(dateCodes.get(days[alert] ?? 0) ?? 0, label);
    byTypology.add(typologies.codes[alert] ?? 0, label);
    const place = places[alert] ?? 0;
    // One bit for an alert, two for what its labels are.
    ofAddress[place] = (ofAddress[place] ?? 0) | 1 | (label < 0 ? 0 : 2 << label);
  }
  const whole = total.of(0);
  const addresses = countAddresses(ofAddress);
  return {
    alerts: whole,
    addresses,
    suspicious_share: { alerts: shareOf(whole), addresses: shareOf(addresses) },
    snapshots: Object.fromEntries(dates.map((day, code) => [dayText(day), byDate.of(code)])),
    typologies: sortedByName(typologies.values.map((name, code) => [name, byTypology.of(code)])),
    ...countSources(labelSet),
    weights: countWeights(labelSet),
  };
}

function shareOf({ labelled, suspicious }: Pick<AlertCounts, 'labelled' | 'suspicious'>): number | null {
  return labelled === 0 ? null : suspicious / labelled;
}

function countAddresses(ofAddress: Uint8Array): AddressCounts {
  let [addresses, labelled, suspicious, normal] = [0, 0, 0, 0];
  for (const bits of ofAddress) {
    addresses += bits & 1;
    if (bits > 1) labelled += 1;
    if (bits & 2) normal += 1;
    if (bits & 4) suspicious += 1;
  }
  return { addresses, labelled, suspicious, normal };
}

function countSources({ labels, sources }: LabelSet): Pick<LabelCounts, 'sources' | 'kinds'> {
  const counter = new Counter(sources.names.length);
  const kinds: Partial<Record<LabelKind, number>> = {};
  const kindOf = (code: number): LabelKind => sources.kinds?.[code] ?? 'true';
  for (let alert = 0; alert < labels.length; alert++) {
    const label = labels[alert] ?? UNLABELLED;
    const code = sources.codes[alert] ?? -1;
    if (label < 0 || code < 0) continue;
    counter.add(code, label);
    const kind = kindOf(code);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const bySource = sources.names.map((name, code) => {
    const { labelled, suspicious, normal } = counter.of(code);
    return [name, { kind: kindOf(code), labelled, suspicious, normal }] as const;
  });
  return { sources: sortedByName(bySource.filter(([, { labelled }]) => labelled > 0)), kinds };
}

function countWeights({ labels, weights }: LabelSet): number[] {
  const steps = new Array<number>(STEPS).fill(0);
  for (let alert = 0; alert < labels.length; alert++) {
    if ((labels[alert] ?? UNLABELLED) < 0) continue;
    // Weights are float32, in which 0.3 is a little more than 0.3 and 0.7 a little less than 0.7.
    const step = Math.min(STEPS - 1, Math.floor((weights[alert] ?? 0) * STEPS + 1e-6));
    steps[step] = (steps[step] ?? 0) + 1;
  }
  return steps;
}

function sortedByName<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Alerts by group and label. */
class Counter {
  readonly #counts: Int32Array;

  constructor(groups: number) {
    this.#counts = new Int32Array(groups * 3);
  }

  add(group: number, label: number): void {
    const at = group * 3 + label + 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  of(group: number): AlertCounts {
    const [unlabelled = 0, normal = 0, suspicious = 0] = this.#counts.subarray(group * 3, group * 3 + 3);
    const labelled = normal + suspicious;
    return { alerts: unlabelled + labelled, labelled, suspicious, normal };
  }
}
