import { type ErrorCategory, RiskScoringError } from '@risk-scoring/contract';

/** Label rows that cannot be read as labels. Guessing what they mean would teach the model something nobody said. */
export class InvalidAddressLabelsError extends RiskScoringError {
  constructor(parts: { expected: string; found: string }) {
    super({
      code: 'INVALID_ADDRESS_LABELS',
      category: 'data',
      summary: 'Rows of address labels in the database cannot be read as labels.',
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend or remove these rows, or choose another label strategy',
    });
  }
}

/** One thing that is wrong in a label file. */
export interface LabelFileProblem {
  /** Where it is, from 1: the row (in CSV the header is row 1) or, in NDJSON, the line. */
  readonly row: number;
  /** The column; absent where the row as a whole is wrong. */
  readonly column?: string;
  readonly expected: string;
  readonly found: string;
}

/** A file of labels that is not there, cannot be read or says something that cannot be meant. */
export class LabelFileError extends RiskScoringError {
  readonly file: string;
  /** The first rows that are wrong; none where the file as a whole is. */
  readonly problems: readonly LabelFileProblem[];
  /** How many rows or cells are wrong, also those that are not among {@link problems}. */
  readonly count: number;

  constructor(parts: {
    readonly file: string;
    readonly category?: ErrorCategory;
    readonly expected: string;
    readonly found: string;
    readonly remedy: string;
    readonly problems?: readonly LabelFileProblem[];
    readonly count?: number;
    readonly cause?: unknown;
  }) {
    super({
      code: 'LABEL_FILE_INVALID',
      category: parts.category ?? 'data',
      summary: `The label file ${parts.file} cannot be used.`,
      expected: parts.expected,
      found: parts.found,
      remedy: parts.remedy,
      cause: parts.cause,
    });
    this.file = parts.file;
    this.problems = parts.problems ?? [];
    this.count = parts.count ?? 0;
  }
}
