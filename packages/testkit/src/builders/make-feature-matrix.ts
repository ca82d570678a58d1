import type { FeatureColumn, FeatureMatrix, Random } from '@risk-scoring/contract';
import { createRandom, InvalidInputError } from '@risk-scoring/contract';

/** Size and place of a made matrix. */
export interface FeatureMatrixOptions {
  /** Default 600. */
  readonly rows?: number;
  /** Columns of nothing but noise besides the six that every matrix has. Default 2. */
  readonly noiseColumns?: number;
  /** How many snapshots the rows are spread over. Default 3. */
  readonly snapshots?: number;
  /** Puts the values on a SharedArrayBuffer. Default false. */
  readonly shared?: boolean;
}

/** A matrix and what there is to learn from it; arrays are aligned with its rows. */
export interface LabelledMatrix {
  readonly data: FeatureMatrix;
  /** 1 or 0: one label per address, shared by its rows. */
  readonly labels: Int8Array;
  /** From 0.5 to 1. */
  readonly weights: Float32Array;
}

/** An address: how illicit it is, and the label that follows, mostly. */
interface Address {
  readonly latent: number;
  readonly label: number;
}

const firstDate = 18_262; // 2020-01-01
const labelNoise = 0.05;

const informative: readonly FeatureColumn[] = [
  { name: 'volume', group: 'made', kind: 'numeric', meaning: 'follows the label', missing: 'never' },
  {
    name: 'degree',
    group: 'made',
    kind: 'numeric',
    meaning: 'follows it, over many magnitudes',
    missing: 'never',
  },
  { name: 'is_mixer', group: 'made', kind: 'boolean', meaning: 'follows it as a flag', missing: 'never' },
  { name: 'age', group: 'made', kind: 'numeric', unit: 'days', meaning: 'follows it', missing: 'unknown' },
  { name: 'mostly_zero', group: 'made', kind: 'numeric', meaning: 'zero for most', missing: 'never' },
  { name: 'never_known', group: 'made', kind: 'numeric', meaning: 'nothing', missing: 'always unknown' },
];

/**
 * Makes a feature matrix with labels that can be learned from it: addresses with about three rows each, over several
 * snapshots, in features of every shape that real ones have (smooth, skewed, flags, mostly zero, with NaN, NaN
 * throughout). About half the addresses are suspicious; one label in twenty is wrong.
 *
 * @param seed the same seed and options give the same matrix
 * @throws {InvalidInputError} where an option is no whole number that makes sense
 * @example
 * const { data, labels, weights } = makeFeatureMatrix(1, { rows: 2000 });
 */
export function makeFeatureMatrix(seed: number, options: FeatureMatrixOptions = {}): LabelledMatrix {
  const { rows = 600, noiseColumns = 2, snapshots = 3, shared = false } = options;
  assertAtLeast('rows', rows, 1);
  assertAtLeast('noiseColumns', noiseColumns, 0);
  assertAtLeast('snapshots', snapshots, 1);
  const random = createRandom(seed, 'testkit-matrix');
  const columns = [...informative, ...Array.from({ length: noiseColumns }, (_, i) => noiseColumn(i))];
  const addresses = Array.from({ length: Math.ceil(rows / 3) }, () => makeAddress(random));
  const length = rows * columns.length;
  const values = shared ? new Float32Array(new SharedArrayBuffer(length * 4)) : new Float32Array(length);
  const chosen = Int32Array.from({ length: rows }, () => random.integer(addresses.length));
  for (let row = 0; row < rows; row++) {
    const { latent } = addresses[chosen[row]];
    for (let column = 0; column < columns.length; column++) {
      values[column * rows + row] = makeValue(column, latent, random);
    }
  }
  const snapshotOf = Int32Array.from({ length: rows }, (_, row) => Math.floor((row * snapshots) / rows));
  return {
    data: {
      values,
      rows,
      columns,
      keys: {
        processingDates: snapshotOf.map((snapshot) => firstDate + snapshot),
        ids: Array.from({ length: rows }, (_, row) => `alert-${row}`),
      },
      ...denseGroups(chosen),
      queryIds: snapshotOf,
      schemaHash: `made-${columns.length}`,
    },
    labels: Int8Array.from(chosen, (address) => addresses[address].label),
    weights: Float32Array.from(chosen, () => 0.5 + random.next() / 2),
  };
}

function makeAddress(random: Random): Address {
  const latent = random.normal();
  const isWrong = random.next() < labelNoise;
  return { latent, label: latent > 0 === isWrong ? 0 : 1 };
}

function makeValue(column: number, latent: number, random: Random): number {
  const seen = latent + 0.5 * random.normal();
  switch (column) {
    case 0:
      return seen;
    case 1:
      return Math.exp(4 * seen);
    case 2:
      return seen > 1 ? 1 : 0;
    case 3:
      return random.next() < 0.2 ? Number.NaN : 100 - 30 * seen;
    case 4:
      return seen > 0.8 ? seen : 0;
    case 5:
      return Number.NaN;
    default:
      return random.normal();
  }
}

function noiseColumn(index: number): FeatureColumn {
  return { name: `noise_${index}`, group: 'made', kind: 'numeric', meaning: 'nothing', missing: 'never' };
}

/** Codes 0, 1, 2… in the order in which the addresses first come, and their names. */
function denseGroups(chosen: Int32Array): Pick<FeatureMatrix, 'splitGroups' | 'splitGroupNames'> {
  const codes = new Map<number, number>();
  const splitGroups = chosen.map((address) => {
    const code = codes.get(address) ?? codes.size;
    codes.set(address, code);
    return code;
  });
  return { splitGroups, splitGroupNames: Array.from(codes.keys(), (address) => `0x${address.toString(16)}`) };
}

function assertAtLeast(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new InvalidInputError({
    what: `The option ${name} of the feature matrix`,
    expected: `a whole number of at least ${least}`,
    found: value,
  });
}
