import { RiskScoringError } from '@risk-scoring/contract';

/** A text that is not a whole LightGBM model as LightGBM itself writes it. */
export class ModelFormatError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; line?: number }) {
    super({
      code: 'MODEL_FORMAT',
      category: 'model',
      summary: `The LightGBM model text cannot be read${parts.line === undefined ? '' : ` at line ${parts.line}`}.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'use the model file as LightGBM saved it; a truncated or edited one has to be saved again',
    });
  }
}

/** A whole model that uses something ONNX trees cannot express with equal predictions. */
export class UnconvertibleModelError extends RiskScoringError {
  constructor(parts: { expected: string; found: string }) {
    super({
      code: 'UNCONVERTIBLE_MODEL',
      category: 'model',
      summary: 'This LightGBM model has no ONNX twin with equal predictions.',
      expected: parts.expected,
      found: parts.found,
      remedy: 'train with other parameters; assertConvertibleParameters() names them before the training',
    });
  }
}

/** Training parameters that lead to a model without an ONNX twin, found before the training. */
export class UnconvertibleParametersError extends RiskScoringError {
  /** The names that have to go, as the caller spelled them. */
  readonly parameters: readonly string[];

  constructor(parts: { parameters: readonly string[]; expected: string; found: string }) {
    super({
      code: 'UNCONVERTIBLE_PARAMETERS',
      category: 'input',
      summary: 'With these parameters the model would have no ONNX twin, and so could not be served.',
      expected: parts.expected,
      found: parts.found,
      remedy: `leave out ${parts.parameters.map((name) => `'${name}'`).join(', ')}`,
    });
    this.parameters = parts.parameters;
  }
}

/** Bytes that are no ONNX model, or one that does not score feature rows the way this package needs. */
export class OnnxModelError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; cause?: unknown }) {
    super({
      code: 'ONNX_MODEL',
      category: 'model',
      summary: 'The ONNX model cannot be used for scoring.',
      expected: parts.expected,
      found: parts.found,
      remedy: 'check the file against its sha256 in the model metadata, or convert the model again',
      cause: parts.cause,
    });
  }
}

/** The ONNX twin and the native model disagree by more than rounding. */
export class OnnxParityError extends RiskScoringError {
  constructor(parts: { expected: string; found: string }) {
    super({
      code: 'ONNX_PARITY',
      category: 'model',
      summary: 'The ONNX twin does not score like the native model.',
      expected: parts.expected,
      found: parts.found,
      remedy:
        'do not serve this model: its ONNX form computes something else, so mend the trainer, or report the parameters where it is one of this product',
    });
  }
}

/** A calibration cannot be built into this model. */
export class OnnxCalibrationError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; remedy: string }) {
    super({
      code: 'ONNX_CALIBRATION',
      category: 'model',
      summary: 'The ONNX model cannot be calibrated.',
      ...parts,
    });
  }
}

/** Models that cannot be combined into one. */
export class OnnxCombinationError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; remedy: string }) {
    super({
      code: 'ONNX_COMBINATION',
      category: 'model',
      summary: 'These ONNX models cannot be combined into one.',
      ...parts,
    });
  }
}
