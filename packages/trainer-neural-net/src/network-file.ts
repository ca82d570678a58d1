import { createHash } from 'node:crypto';
import { NeuralNetModelError } from './errors.ts';
import { countInputs, type DenseLayer, type Network } from './network/network.ts';
import { readHeader } from './network-header.ts';

/** The first eight bytes of a file. */
const MAGIC = new TextEncoder().encode('RSMLP 1\n');
const HASH_BYTES = 32;
const HEADER_START = MAGIC.length + 4;

/** A network and what else is known of it, as its native file holds it. */
export interface SavedNetwork {
  readonly network: Network;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly bestEpoch: number;
  readonly importances: readonly number[];
  /** Versions of what trained it. */
  readonly libraries: Readonly<Record<string, string>>;
}

/**
 * The native file: eight bytes `RSMLP 1\n`, the length of the header (uint32), the header (JSON), per layer the weights and biases (float32), and the
 * sha256 of all that. Numbers are little-endian and come back bit by bit; the same network always gives the same bytes.
 */
export function writeNetwork(saved: SavedNetwork): Uint8Array {
  const { featureNames, scaler, layers } = saved.network;
  const { hyperparameters, bestEpoch, importances, libraries } = saved;
  const header = new TextEncoder().encode(
    JSON.stringify({
      hyperparameters,
      bestEpoch,
      importances,
      libraries,
      featureNames,
      scaler: Object.fromEntries(Object.entries(scaler).map(([name, list]) => [name, Array.from(list)])),
      layers: layers.map(({ inputs, outputs }) => [inputs, outputs]),
    }),
  );
  const numbers = layers.reduce((sum, { weights, bias }) => sum + weights.length + bias.length, 0);
  const bytes = new Uint8Array(HEADER_START + header.length + 4 * numbers + HASH_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(MAGIC.length, header.length, true);
  bytes.set(header, HEADER_START);
  let at = HEADER_START + header.length;
  for (const { weights, bias } of layers) {
    for (const list of [weights, bias]) {
      for (const x of list) {
        view.setFloat32(at, x, true);
        at += 4;
      }
    }
  }
  bytes.set(hash(bytes.subarray(0, at)), at);
  return bytes;
}

/**
 * Reads a native file, and checks that it is whole and a network: predicting with it reads nothing beyond it, and every score is finite.
 *
 * @throws {NeuralNetModelError} where it is not
 */
export function readNetwork(bytes: Uint8Array): SavedNetwork {
  const isOurs = MAGIC.every((byte, i) => bytes[i] === byte);
  if (!isOurs || bytes.length < HEADER_START + HASH_BYTES)
    refuse("a file that begins with 'RSMLP 1'", `${bytes.length} bytes of something else, or too few`);
  const end = bytes.length - HASH_BYTES;
  const expected = hash(bytes.subarray(0, end));
  if (!expected.every((byte, i) => bytes[end + i] === byte))
    refuse('the content that the checksum was taken of', 'a file that was cut or changed');
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  const start = HEADER_START + view.getUint32(MAGIC.length, true);
  if (start > end) refuse('a header within the file', `one that ends at byte ${start} of ${end}`);
  const { shapes, scaler, featureNames, ...saved } = readHeader(
    new TextDecoder().decode(bytes.subarray(HEADER_START, start)),
  );
  const needed = shapes.reduce((sum, [inputs, outputs]) => sum + 4 * outputs * (inputs + 1), 0);
  if (needed !== end - start) refuse(`${needed} bytes of weights`, `${end - start}`);
  if (shapes[0]?.[0] !== countInputs(scaler))
    refuse(`${shapes[0]?.[0]} inputs, as the first layer has`, `${countInputs(scaler)}`);

  let at = start;
  const take = (count: number): Float32Array => {
    const list = new Float32Array(count);
    for (let i = 0; i < count; i++) list[i] = view.getFloat32(at + 4 * i, true);
    at += 4 * count;
    if (!list.every(Number.isFinite)) refuse('finite weights', 'others');
    return list;
  };
  const layers: DenseLayer[] = shapes.map(([inputs, outputs]) => {
    const weights = take(inputs * outputs);
    return { inputs, outputs, weights, bias: take(outputs) };
  });
  return { network: { featureNames, scaler, layers }, ...saved };
}

function hash(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function refuse(expected: string, found: string): never {
  throw new NeuralNetModelError({ expected, found });
}
