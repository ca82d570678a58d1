import { DOUBLE, encodeNode, encodeTensor, FLOAT, intAttribute } from '../convert/onnx-messages.ts';

/**
 * Writes arithmetic in double precision as operators of a graph: each method adds one and gives the name of its result. All
 * operators have kernels for doubles in onnxruntime and mean the same in every operator set from version 8 on.
 */
export class DoubleArithmetic {
  readonly nodes: Uint8Array[] = [];
  readonly initializers: Uint8Array[] = [];
  readonly #prefix: string;

  /** @param prefix of the names of results; no other value of the graph may have it */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** One number. */
  constant(value: number): string {
    return this.tensor([value], [1, 1]);
  }

  /** Numbers of any dimensions, row-major. */
  tensor(values: readonly number[], dimensions: readonly number[]): string {
    const name = `${this.#prefix}constant_${this.initializers.length}`;
    this.initializers.push(encodeTensor(name, Float64Array.from(values), dimensions));
    return name;
  }

  /** An operator on values, broadcast to one another. */
  apply(
    operator: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' | 'Max' | 'MatMul' | 'Log' | 'Sigmoid',
    inputs: readonly string[],
  ): string {
    const output = `${this.#prefix}value_${this.nodes.length}`;
    this.nodes.push(encodeNode({ operator, inputs, outputs: [output] }));
    return output;
  }

  /** A value of any number type as doubles. */
  toDouble(value: string): string {
    return this.#cast(value, `${this.#prefix}value_${this.nodes.length}`, DOUBLE);
  }

  /** A value rounded to float32, under a name of the caller's. */
  toFloat(value: string, output: string): string {
    return this.#cast(value, output, FLOAT);
  }

  /** min(max(value, low), high), the bounds being numbers or rows of them. */
  clip(value: string, low: string, high: string): string {
    return this.apply('Min', [this.apply('Max', [value, low]), high]);
  }

  /** log(p / (1 − p)), p clipped to [1e-15, 1 − 1e-15], outside of which it would be infinite or lose all its digits. */
  logit(p: string): string {
    const clipped = this.clip(p, this.constant(LOGIT_CLIP), this.constant(1 - LOGIT_CLIP));
    const rest = this.apply('Sub', [this.constant(1), clipped]);
    return this.apply('Log', [this.apply('Div', [clipped, rest])]);
  }

  #cast(value: string, output: string, elementType: number): string {
    this.nodes.push(
      encodeNode({
        operator: 'Cast',
        inputs: [value],
        outputs: [output],
        attributes: [intAttribute('to', elementType)],
      }),
    );
    return output;
  }
}

/** Probabilities nearer to 0 or 1 count as this near. */
const LOGIT_CLIP = 1e-15;
