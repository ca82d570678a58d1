import { RiskScoringError } from '@risk-scoring/contract';

/** How the library is installed, for remedies. */
const INSTALL =
  'install it (Debian and Ubuntu: `apt-get install libxgboost0`; macOS: `brew install libomp xgboost`), or set XGBOOST_LIBRARY to the path of a libxgboost';

/** No XGBoost library was found where one is looked for. */
export class XGBoostLibraryNotFoundError extends RiskScoringError {
  constructor(parts: { lookedFor: readonly string[]; variable: string | undefined; cause?: unknown }) {
    super({
      code: 'XGBOOST_LIBRARY_NOT_FOUND',
      category: 'environment',
      summary: "XGBoost's native library is not there.",
      expected:
        parts.variable === undefined
          ? `${parts.lookedFor.join(' or ')} where the system's loader looks for libraries`
          : 'a file at the path in XGBOOST_LIBRARY, which is the only place looked at when it is set',
      found: parts.variable === undefined ? 'none of them' : `nothing at ${parts.variable}`,
      remedy: INSTALL,
      cause: parts.cause,
    });
  }
}

/** A file is there, but it is not an XGBoost library that this process can use. */
export class XGBoostLibraryInvalidError extends RiskScoringError {
  constructor(parts: { path: string; expected?: string; found: string; cause?: unknown }) {
    super({
      code: 'XGBOOST_LIBRARY_INVALID',
      category: 'environment',
      summary: `${parts.path} cannot be used as XGBoost's native library.`,
      expected: parts.expected ?? "a shared library for this platform with XGBoost's C API",
      found: parts.found,
      remedy: INSTALL,
      cause: parts.cause,
    });
  }
}

/** A function of XGBoost's C API failed; `found` is what XGBoost says about it. */
export class XGBoostCallError extends RiskScoringError {
  constructor(parts: { call: string; message: string }) {
    super({
      code: 'XGBOOST_CALL_FAILED',
      category: 'input',
      summary: `XGBoost refused ${parts.call}.`,
      found: parts.message,
    });
  }
}

/** A parameter that XGBoost does not know, that is not for a caller to set, or a value that cannot be one. */
export class XGBoostParameterError extends RiskScoringError {
  constructor(parts: { parameter: string; expected: string; found: string; remedy?: string }) {
    super({
      code: 'XGBOOST_PARAMETER',
      category: 'input',
      summary: `The XGBoost parameter '${parts.parameter}' cannot be used.`,
      expected: parts.expected,
      found: parts.found,
      ...(parts.remedy === undefined ? {} : { remedy: parts.remedy }),
    });
  }
}

/** Bytes that are no XGBoost model, or one that this package cannot predict with. */
export class XGBoostModelError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; cause?: unknown }) {
    super({
      code: 'XGBOOST_MODEL',
      category: 'model',
      summary: 'The native file is no XGBoost model that can be used.',
      remedy: "load a model of trees in XGBoost's own JSON format, with one score per row, as it was saved",
      ...parts,
    });
  }
}
