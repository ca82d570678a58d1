import { RiskScoringError } from '@risk-scoring/contract';

/** No LightGBM library lies where one is looked for. */
export class LightGBMLibraryNotFoundError extends RiskScoringError {
  constructor(parts: { lookedIn: readonly string[] }) {
    super({
      code: 'LIGHTGBM_LIBRARY_NOT_FOUND',
      category: 'environment',
      summary: "LightGBM's native library is not there.",
      expected: 'the library at the path in LIGHTGBM_LIBRARY, or at a place where a build puts it',
      found: `nothing at ${parts.lookedIn.join(', nor at ')}`,
      remedy:
        'build it with `npx risk-scoring-lightgbm-build` (about two minutes; in a checkout: `pnpm run build:native`), or set LIGHTGBM_LIBRARY to a lib_lightgbm that is already built',
    });
  }
}

/** A file is there, but it is not a LightGBM library that this process can load. */
export class LightGBMLibraryInvalidError extends RiskScoringError {
  constructor(parts: { path: string; reason: string; cause?: unknown }) {
    super({
      code: 'LIGHTGBM_LIBRARY_INVALID',
      category: 'environment',
      summary: `${parts.path} cannot be used as LightGBM's native library.`,
      expected: "a shared library for this platform with LightGBM's C API",
      found: parts.reason,
      remedy:
        'delete the file and build it again with `npx risk-scoring-lightgbm-build`, or mend LIGHTGBM_LIBRARY',
      cause: parts.cause,
    });
  }
}

/** A function of LightGBM's C API failed; `found` is what LightGBM says about it. */
export class LightGBMCallError extends RiskScoringError {
  constructor(parts: { call: string; message: string }) {
    super({
      code: 'LIGHTGBM_CALL_FAILED',
      category: 'input',
      summary: `LightGBM refused ${parts.call}.`,
      found: parts.message,
    });
  }
}

/** A parameter that LightGBM does not know, or a value that cannot be one. */
export class LightGBMParameterError extends RiskScoringError {
  constructor(parts: { parameter: string; expected: string; found: string; remedy?: string }) {
    super({
      code: 'LIGHTGBM_PARAMETER',
      category: 'input',
      summary: `The LightGBM parameter '${parts.parameter}' cannot be used.`,
      expected: parts.expected,
      found: parts.found,
      ...(parts.remedy === undefined ? {} : { remedy: parts.remedy }),
    });
  }
}

/** Arrays whose lengths, row numbers or names do not fit together. */
export class LightGBMDataError extends RiskScoringError {
  constructor(parts: { what: string; expected: string; found: string }) {
    super({
      code: 'LIGHTGBM_DATA',
      category: 'input',
      summary: `${parts.what} cannot be used.`,
      expected: parts.expected,
      found: parts.found,
    });
  }
}

/** A text that is not a LightGBM model. */
export class LightGBMModelError extends RiskScoringError {
  constructor(parts: { found: string }) {
    super({
      code: 'LIGHTGBM_MODEL_INVALID',
      category: 'model',
      summary: 'The text is not a LightGBM model.',
      expected:
        "the whole text of a model in LightGBM's own format, from `tree` to `end of trees` and its parameters",
      found: parts.found,
      remedy: 'load the .txt file of a model as it was saved',
    });
  }
}

/** A dataset, booster or session used after it was disposed of. */
export class LightGBMDisposedError extends RiskScoringError {
  constructor(parts: { what: string }) {
    super({
      code: 'LIGHTGBM_DISPOSED',
      category: 'internal',
      summary: `This ${parts.what} was disposed of and can no longer be used.`,
      remedy: `keep the ${parts.what} until its last use is done`,
    });
  }
}

/** The worker thread ended while it still had work. */
export class LightGBMWorkerError extends RiskScoringError {
  constructor(parts: { found: string; cause?: unknown }) {
    super({
      code: 'LIGHTGBM_WORKER',
      category: 'internal',
      summary: "LightGBM's worker thread ended before it answered.",
      found: parts.found,
      remedy: 'open a new session; its datasets and models are gone',
      cause: parts.cause,
    });
  }
}
