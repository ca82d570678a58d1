/** How the columns of a matrix become the inputs of a network. Columns that say nothing among the training rows have no input. */
export interface InputScaler {
  /** The matrix column of each scaled input, ascending. */
  readonly columns: Int32Array;
  /** 1 where sign(x)·log1p(|x|) stands for x. One entry per scaled input, as in the next two. */
  readonly logarithmic: Uint8Array;
  readonly mean: Float64Array;
  /** One over the standard deviation. */
  readonly scale: Float64Array;
  /** Columns that have a further input, after all scaled ones: 1 where the value is NaN, else 0. */
  readonly flagged: Int32Array;
}

/** A layer of a trained network: inputs · weights + bias, its batch normalisation folded in. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major: `weights[input * outputs + output]`. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** A trained network: a ReLU follows each layer but the last, whose one output is the raw score. */
export interface Network {
  readonly featureNames: readonly string[];
  readonly scaler: InputScaler;
  readonly layers: readonly DenseLayer[];
}

/** Inputs of a network: scaled columns, then flags. */
export function countInputs({ columns, flagged }: InputScaler): number {
  return columns.length + flagged.length;
}

/** Multiplications that one row takes. */
export function countProducts({ layers }: Pick<Network, 'layers'>): number {
  return layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
}
