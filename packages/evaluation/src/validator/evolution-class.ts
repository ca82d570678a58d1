/** What became of an address, the first that fits counting; and the scores that the subnet's validator expects of it, ends included. */
export const EVOLUTION_CLASSES = [
  { name: 'expanding', from: 0.7, to: 1 },
  { name: 'benign', from: 0, to: 0.3 },
  { name: 'dormant', from: 0.15, to: 0.25 },
  { name: 'other', from: 0.3, to: 0.7 },
] as const;

/** One of {@link EVOLUTION_CLASSES}. */
export type EvolutionClass = (typeof EVOLUTION_CLASSES)[number]['name'];

/** What an address did between a date T and T + 30 days. */
export interface AddressEvolution {
  /** degree_total at T and at T + 30. */
  readonly degree: readonly [number, number];
  /** total_volume_usd at T and at T + 30. */
  readonly volume: readonly [number, number];
  /** is_mixer_like at T + 30. */
  readonly mixer: boolean;
  /** behavioral_anomaly_score at T + 30, 0 to 1. */
  readonly anomaly: number;
  /** velocity_score at T + 30, 0 to 1. */
  readonly velocity: number;
}

/**
 * The class of an address by what it did since:
 *
 * - expanding: degree grew by more than 200 % and volume by more than 300 %, and it is mixer-like, or its anomaly is above 0.7, or its velocity above 0.8
 * - benign: degree below +50 %, volume below +100 %, anomaly below 0.3 and not mixer-like
 * - dormant: degree below +20 %, volume below +30 %, velocity below 0.3
 * - other: all else
 *
 * Growth is relative to T; from 0 it counts as none, as the subnet has it. The anomaly is the behavioural one of the three that the snapshots have.
 *
 * @example
 * classifyEvolution({ degree: [2, 9], volume: [10, 90], mixer: false, anomaly: 0.9, velocity: 0 }); // 'expanding'
 */
export function classifyEvolution(address: AddressEvolution): EvolutionClass {
  const { mixer, anomaly, velocity } = address;
  const [degree, volume] = [growth(address.degree), growth(address.volume)];
  if (degree > 2 && volume > 3 && (mixer || anomaly > 0.7 || velocity > 0.8)) return 'expanding';
  if (degree < 0.5 && volume < 1 && anomaly < 0.3 && !mixer) return 'benign';
  if (degree < 0.2 && volume < 0.3 && velocity < 0.3) return 'dormant';
  return 'other';
}

function growth([before, after]: readonly [number, number]): number {
  return before > 0 ? (after - before) / before : 0;
}
