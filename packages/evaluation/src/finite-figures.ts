import { RiskScoringError } from '@risk-scoring/contract';

/** A figure that is no number: written as JSON it would pass for one that is not known. */
export class NonFiniteFigureError extends RiskScoringError {
  constructor(parts: { name: string; found: number }) {
    super({
      code: 'NON_FINITE_FIGURE',
      category: 'data',
      summary: `The figure ${parts.name} came out as no number.`,
      expected: 'a finite number, or null where it is not defined',
      found: String(parts.found),
      remedy: 'look for weights so great that their sum overflows, and scale them down',
    });
  }
}

/**
 * Hands figures on when every number among them, however deep, is finite. `JSON.stringify` writes NaN and
 * Infinity as null, which here means "not defined".
 *
 * @param figures plain JSON
 * @param name what to call them in the error
 * @throws {NonFiniteFigureError} naming the first figure at fault
 * @example
 * return assertFiniteFigures({ auc: 0.9, intervals: null }, 'metrics');
 */
export function assertFiniteFigures<T>(figures: T, name: string): T {
  if (typeof figures === 'number' && !Number.isFinite(figures)) {
    throw new NonFiniteFigureError({ name, found: figures });
  }
  if (typeof figures === 'object' && figures !== null) {
    for (const [key, value] of Object.entries(figures)) assertFiniteFigures(value, `${name}.${key}`);
  }
  return figures;
}
