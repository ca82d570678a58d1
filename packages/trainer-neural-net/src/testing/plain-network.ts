// A second, plain implementation of the whole model, row by row in lists, which reads the native file: what the tests compare with.

interface PlainNetwork {
  readonly columns: readonly number[];
  readonly logarithmic: readonly number[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly flagged: readonly number[];
  /** Per layer, per output: the bias, then a weight per input. */
  readonly layers: readonly (readonly (readonly number[])[])[];
}

/** Reads a native file without checks. */
export function plainNetwork(file: Uint8Array): PlainNetwork {
  const bytes = Buffer.from(file);
  const start = 12 + bytes.readUInt32LE(8);
  const header = JSON.parse(bytes.toString('utf8', 12, start)) as {
    scaler: Omit<PlainNetwork, 'layers'>;
    layers: [number, number][];
  };
  let at = start;
  const layers = header.layers.map(([inputs, outputs]) => {
    const weight = (input: number, output: number) => bytes.readFloatLE(at + 4 * (input * outputs + output));
    const lists = Array.from({ length: outputs }, (_, output) => [
      bytes.readFloatLE(at + 4 * (inputs * outputs + output)),
      ...Array.from({ length: inputs }, (_, input) => weight(input, output)),
    ]);
    at += 4 * (inputs + 1) * outputs;
    return lists;
  });
  return { ...header.scaler, layers };
}

/** The raw score of one row. */
export function plainScore(network: PlainNetwork, row: readonly number[]): number {
  const { columns, logarithmic, mean, scale, flagged, layers } = network;
  const at = (list: readonly number[], index: number) => list[index] ?? Number.NaN;
  const scaled = columns.map((column, input) => {
    const x = at(row, column);
    if (Number.isNaN(x)) return 0;
    const t = at(logarithmic, input) === 1 ? Math.sign(x) * Math.log1p(Math.abs(x)) : x;
    const z = (t - at(mean, input)) * at(scale, input);
    return Math.min(10, Math.max(-10, z));
  });
  const flags = flagged.map((column) => (Number.isNaN(at(row, column)) ? 1 : 0));
  let units: number[] = [...scaled, ...flags];
  for (const [index, layer] of layers.entries()) {
    units = layer.map(([bias = Number.NaN, ...weights]) => {
      const sum = weights.reduce((total, weight, input) => total + weight * at(units, input), bias);
      return index < layers.length - 1 ? Math.max(0, sum) : sum;
    });
  }
  return at(units, 0);
}
