import os from 'node:os';
import { type ModelTrainer, RiskScoringError } from '@risk-scoring/contract';

/** The shape of a training. */
export interface TrainingShape {
  /** Rows of the matrix. */
  readonly rows: number;
  readonly columns: number;
}

/** Cells that typed arrays and the native libraries count with 32 bits. */
const MOST_CELLS = 2 ** 31;

/** A training would take more memory than there is. */
export class NotEnoughMemoryError extends RiskScoringError {
  constructor({ rows, columns, needed, available }: TrainingShape & { needed: number; available: number }) {
    super({
      code: 'NOT_ENOUGH_MEMORY',
      category: 'environment',
      summary: 'There is too little memory for this training.',
      expected: `about ${gigabytes(needed)} for ${rows} rows × ${columns} features: the matrix, the rows that are learned from in the trainer's form, and its work on them`,
      found: `${gigabytes(available)} free`,
      remedy: 'shorten the period, use fewer feature groups, or a machine with more memory',
    });
  }
}

/** The matrix has more cells than can be counted. */
export class TooManyCellsError extends RiskScoringError {
  constructor({ rows, columns }: TrainingShape) {
    super({
      code: 'TOO_MANY_CELLS',
      category: 'input',
      summary: 'The feature matrix would be too large.',
      expected: `at most ${MOST_CELLS} cells`,
      found: `${rows} rows × ${columns} features = ${rows * columns}`,
      remedy: 'shorten the period, or use fewer feature groups',
    });
  }
}

/** Bytes that a training takes at its peak, roughly: the matrix, and what the trainer says of itself. */
export function estimateMemory(shape: TrainingShape, trainer: Pick<ModelTrainer, 'estimateMemory'>): number {
  const matrix = shape.rows * shape.columns * Float32Array.BYTES_PER_ELEMENT;
  return matrix + (trainer.estimateMemory?.(shape) ?? 2 * matrix);
}

/**
 * Refuses a training that cannot fit, before anything is computed.
 *
 * @param available bytes; what is free on this machine by default
 * @throws {TooManyCellsError} for more than 2^31 cells
 * @throws {NotEnoughMemoryError} with the estimate
 */
export function assertEnoughMemory(
  shape: TrainingShape,
  trainer: Pick<ModelTrainer, 'estimateMemory'>,
  available: number = freeMemory(),
): void {
  if (shape.rows * shape.columns > MOST_CELLS) throw new TooManyCellsError(shape);
  const needed = estimateMemory(shape, trainer);
  if (needed > available) throw new NotEnoughMemoryError({ ...shape, needed, available });
}

/** What this process may still take: of its container, where it has a limit, else of the machine. */
function freeMemory(): number {
  return process.availableMemory?.() ?? os.freemem();
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`;
}
