import { createRandom, type Random } from '@risk-scoring/contract';
import { addressTexts } from './address-text.ts';
import { type Archetype, HONEST, ILLICIT } from './archetypes.ts';
import { HABIT_COUNT } from './habit-vector.ts';

/** The addresses that may act, and what nobody publishes of them. Index i is the same address everywhere. */
export interface Population {
  readonly size: number;
  readonly addresses: readonly string[];
  /** 1 when it is illicit: the hidden truth behind labels and behaviour. */
  readonly illicit: Uint8Array;
  /** Index into `ILLICIT` of an illicit address, into `HONEST` of an honest one. */
  readonly archetype: Uint8Array;
  /** Index into `HONEST`: what an illicit address passes for, or an honest one is. */
  readonly cover: Uint8Array;
  /** How openly an illicit address shows its archetype: 0 not at all, 1 in full. */
  readonly openness: Float32Array;
  /** Addresses of one circle deal with each other and share a collector. */
  readonly circle: Int32Array;
  readonly circles: number;
  /** The address that each circle collects at (a cash-out, a favourite shop). */
  readonly collectors: readonly string[];
  /** The usual hour of day of each address, UTC. */
  readonly usualHour: Float32Array;
  /** The probability of being active in a snapshot. */
  readonly activity: Float32Array;
  /** Lasting personal deviations on the scales of a habit vector, `HABIT_COUNT` per address. */
  readonly traits: Float32Array;
  /** Deviations that grow from the first snapshot to the last, `HABIT_COUNT` per address. */
  readonly drift: Float32Array;
}

const settings = {
  illicitCircles: 0.135,
  /** Illicit members of an illicit circle; a ring also uses unwitting addresses. */
  illicitInRing: 0.8,
  /** Illicit members of an honest circle. */
  illicitElsewhere: 0.012,
  circleSize: { least: 2, most: 7 },
  /** Standard deviations, on the scales of a habit vector. */
  personalSpread: 0.35,
  driftSpread: 0.3,
};

/** The mean of `activityOf`: of so many addresses, about `MEAN_ACTIVITY` times as many act in a snapshot. */
export const MEAN_ACTIVITY = 0.12 + 0.6 / 3;

/**
 * Draws the hidden population. Circles are drawn first, so that illicit addresses come in rings; numbers
 * are given in random order with respect to everything else.
 *
 * @param size at least 1
 */
export function createPopulation(seed: number, size: number): Population {
  const random = createRandom(seed, 'population');
  const nextAddress = addressTexts(seed, 'population');
  const illicit = new Uint8Array(size);
  const archetype = new Uint8Array(size);
  const cover = new Uint8Array(size);
  const openness = new Float32Array(size);
  const { circle, circles } = drawCircles(size, random);
  const ring = Uint8Array.from({ length: circles }, () => Number(random.next() < settings.illicitCircles));
  for (let i = 0; i < size; i++) {
    const chance = ring[circle[i]] === 1 ? settings.illicitInRing : settings.illicitElsewhere;
    illicit[i] = Number(random.next() < chance);
    archetype[i] = pickArchetype(illicit[i] === 1 ? ILLICIT : HONEST, random);
    cover[i] = illicit[i] === 1 ? pickCover(ILLICIT[archetype[i]], random) : archetype[i];
    openness[i] = illicit[i] === 1 ? drawOpenness(random) : 0;
  }
  const normals = (spread: number) =>
    Float32Array.from({ length: size * HABIT_COUNT }, () => spread * random.normal());
  return {
    size,
    addresses: Array.from({ length: size }, nextAddress),
    illicit,
    archetype,
    cover,
    openness,
    circle,
    circles,
    collectors: Array.from({ length: circles }, addressTexts(seed, 'collectors')),
    usualHour: Float32Array.from({ length: size }, () => 24 * random.next()),
    activity: Float32Array.from({ length: size }, () => activityOf(random.next())),
    traits: normals(settings.personalSpread),
    drift: normals(settings.driftSpread),
  };
}

/** Most addresses act now and then, some nearly always. */
function activityOf(uniform: number): number {
  return 0.12 + 0.6 * uniform ** 2;
}

/** Most show more than half of what they are; the mean is 0.8. */
function drawOpenness(random: Random): number {
  return 1 - 0.55 * random.next() ** 2;
}

function drawCircles(size: number, random: Random): { circle: Int32Array; circles: number } {
  const { least, most } = settings.circleSize;
  const circle = new Int32Array(size);
  let circles = 0;
  for (let filled = 0; filled < size; circles++) {
    const members = least + random.integer(most - least + 1);
    circle.fill(circles, filled, filled + members);
    filled += members;
  }
  return { circle: random.shuffle(circle), circles };
}

function pickArchetype(archetypes: readonly Archetype[], random: Random): number {
  let left = random.next();
  for (let i = 0; i < archetypes.length - 1; i++) {
    left -= (archetypes[i] as Archetype).share;
    if (left < 0) return i;
  }
  return archetypes.length - 1;
}

function pickCover(archetype: Archetype | undefined, random: Random): number {
  const covers = archetype?.covers ?? [];
  const name = covers[random.integer(covers.length)];
  return HONEST.findIndex((honest) => honest.name === name);
}
