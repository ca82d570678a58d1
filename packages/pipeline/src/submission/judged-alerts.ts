import type { SnapshotAlerts } from './snapshot-truth.ts';

/** What is known of the alerts that are judged, one entry per alert with a usable score. */
export interface JudgedAlerts {
  readonly scores: Float64Array;
  readonly addresses: Int32Array;
  /** Their places among the alerts of the snapshot. */
  readonly places: Int32Array;
}

/** The alerts of a snapshot that have a score. */
export function judgedAlerts({ addresses }: SnapshotAlerts, scores: Float64Array): JudgedAlerts {
  const places = Int32Array.from(Array.from(scores.keys()).filter((place) => !Number.isNaN(scores[place])));
  return { places, scores: pick(scores, places), addresses: places.map((place) => addresses[place] ?? 0) };
}

/** The values at some places, in their order. */
export function pick(values: Float64Array, places: Int32Array): Float64Array {
  return Float64Array.from(places, (place) => values[place] ?? Number.NaN);
}
