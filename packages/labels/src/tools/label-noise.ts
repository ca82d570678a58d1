import { type LabelSet, UNLABELLED } from '@risk-scoring/contract';

/** A label that models contradict which never saw it. */
export interface SuspectedLabel {
  readonly address: string;
  readonly label: number;
  /** Mean probability, over its labelled alerts, that it is suspicious. */
  readonly probability: number;
  /** Probability of the other class less that of its own. */
  readonly margin: number;
  readonly source: string;
}

/** What models think of labels. */
export interface LabelNoise {
  /** Labelled addresses that were judged. One with labels of both classes is judged as each of them. */
  readonly addresses: number;
  /** The same by label. */
  readonly judged: { readonly normal: number; readonly suspicious: number };
  /** t_0 and t_1: mean probability of a class among the addresses labelled so. */
  readonly thresholds: { readonly normal: number; readonly suspicious: number };
  /** Addresses whose label is suspected: those labelled normal and those labelled suspicious. */
  readonly suspected: { readonly normal: number; readonly suspicious: number };
  /** Share of the judged addresses that is suspected. */
  readonly share: number;
  /** The most doubtful ones, by margin. */
  readonly first: readonly SuspectedLabel[];
}

/** How many are named when nobody says. */
const MOST_NAMED = 20;

/**
 * Labels that are probably wrong, by confident learning: with p̂_j the out-of-fold probability of class j, the threshold t_j is the mean of p̂_j over what
 * is labelled j, and a label i is suspected where for the other class j p̂_j ≥ t_j and p̂_j > p̂_i. (Northcutt, Jiang, Chuang 2021, "Confident Learning:
 * Estimating Uncertainty in Dataset Labels", JAIR 70, section 3.1; the second condition is stricter than theirs, which lets p̂_j < p̂_i where
 * p̂_i < t_i.) Labels belong to addresses, so p̂ is the mean over an address's alerts of that label.
 *
 * @param scores P(suspicious) per alert, by models that did not learn from its address; alerts with NaN do not count
 * @param placed the number of each alert's address, and how addresses are spelt
 * @returns undefined where one of the classes has no address
 * @example
 * suspectedNoise(labelSet, scores, { places, size: index.size, nameOf: index.nameOf })?.first[0]?.address;
 */
export function suspectedNoise(
  { labels, sources }: Pick<LabelSet, 'labels' | 'sources'>,
  scores: Float64Array,
  placed: {
    readonly places: Int32Array;
    readonly size: number;
    readonly nameOf: (place: number) => string;
    readonly named?: number;
  },
): LabelNoise | undefined {
  const { places, size, nameOf, named = MOST_NAMED } = placed;
  // An address and a label are one unit: place * 2 + label.
  const sums = new Float64Array(size * 2);
  const counts = new Int32Array(size * 2);
  const sourceOf = new Int32Array(size * 2);
  for (let alert = 0; alert < labels.length; alert++) {
    const label = labels[alert] ?? UNLABELLED;
    const score = scores[alert] ?? Number.NaN;
    if (label < 0 || Number.isNaN(score)) continue;
    const unit = (places[alert] ?? 0) * 2 + label;
    if (counts[unit] === 0) sourceOf[unit] = sources.codes[alert] ?? -1;
    sums[unit] = (sums[unit] ?? 0) + score;
    counts[unit] = (counts[unit] ?? 0) + 1;
  }
  const judged = [0, 0];
  const ofOwn = [0, 0];
  const suspiciousness = (unit: number) => (sums[unit] ?? 0) / (counts[unit] ?? 1);
  for (let unit = 0; unit < counts.length; unit++) {
    if (counts[unit] === 0) continue;
    const label = unit % 2;
    judged[label] = (judged[label] ?? 0) + 1;
    const p = suspiciousness(unit);
    ofOwn[label] = (ofOwn[label] ?? 0) + (label === 1 ? p : 1 - p);
  }
  const [normal = 0, suspicious = 0] = judged;
  if (normal === 0 || suspicious === 0) return undefined;
  const thresholds = [(ofOwn[0] ?? 0) / normal, (ofOwn[1] ?? 0) / suspicious] as const;
  const suspected: (SuspectedLabel & { readonly unit: number })[] = [];
  const perLabel = [0, 0];
  for (let unit = 0; unit < counts.length; unit++) {
    if (counts[unit] === 0) continue;
    const label = unit % 2;
    const probability = suspiciousness(unit);
    const other = label === 1 ? 1 - probability : probability;
    const margin = other - (1 - other);
    if (other < (thresholds[1 - label] ?? 1) || margin <= 0) continue;
    perLabel[label] = (perLabel[label] ?? 0) + 1;
    const source = sources.names[sourceOf[unit] ?? -1] ?? '';
    suspected.push({ unit, address: nameOf(unit >> 1), label, probability, margin, source });
  }
  suspected.sort((a, b) => b.margin - a.margin || a.unit - b.unit);
  return {
    addresses: normal + suspicious,
    judged: { normal, suspicious },
    thresholds: { normal: thresholds[0], suspicious: thresholds[1] },
    suspected: { normal: perLabel[0] ?? 0, suspicious: perLabel[1] ?? 0 },
    share: suspected.length / (normal + suspicious),
    first: suspected.slice(0, named).map(({ unit: _, ...each }) => each),
  };
}
