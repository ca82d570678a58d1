import { InvalidInputError } from '@risk-scoring/contract';
import type { Distribution } from './distribution.ts';
import { populationStability } from './population-stability.ts';

/** One of several parts of some rows, such as a snapshot of a period. */
export interface CountedPart {
  /** With the same edges as those of the others. */
  readonly distribution: Distribution;
  readonly rows: number;
  /** What the rows are worth as independent ones, see {@link effectiveRows}. */
  readonly effectiveRows: number;
}

/** A part that is worth fewer rows is not compared: chance alone would move it far. */
export const FEWEST_ROWS_OF_PART = 30;

/**
 * How far each part lies from all the others together, by the population stability index: what is usual among them, which a later part can be held
 * against. A part is compared with rows that are not its own, as a later one is, so the figures are of a kind.
 *
 * @returns one index per part; null where the part or the others are worth fewer than {@link FEWEST_ROWS_OF_PART} rows
 * @throws {InvalidInputError} on parts of other edges, or a number of rows that is not one
 * @example
 * stabilityBetweenParts(months); // [0.04, 0.02, 0.31, null]
 */
export function stabilityBetweenParts(parts: readonly CountedPart[]): (number | null)[] {
  const [first] = parts;
  if (first === undefined) return [];
  const bins = first.distribution.shares.length;
  // Rows by bin over all parts, those without a value in the last.
  const all = new Float64Array(bins + 1);
  let rows = 0;
  let effective = 0;
  for (const part of parts) {
    checkRows(part);
    const { shares, missing } = part.distribution;
    if (shares.length !== bins) throw otherEdges(bins, shares.length);
    for (let bin = 0; bin < bins; bin++) all[bin] = (all[bin] ?? 0) + (shares[bin] ?? 0) * part.rows;
    all[bins] = (all[bins] ?? 0) + missing * part.rows;
    rows += part.rows;
    effective += part.effectiveRows;
  }
  return parts.map((part) => {
    const ofOthers = effective - part.effectiveRows;
    if (part.effectiveRows < FEWEST_ROWS_OF_PART || ofOthers < FEWEST_ROWS_OF_PART) return null;
    const { edges, shares, missing } = part.distribution;
    // Rounding may leave less than nothing.
    const share = (count: number, own: number) => Math.max(0, count - own * part.rows) / (rows - part.rows);
    const others: Distribution = {
      edges: first.distribution.edges,
      shares: shares.map((own, bin) => share(all[bin] ?? 0, own)),
      missing: share(all[bins] ?? 0, missing),
    };
    return populationStability(
      others,
      { edges, shares, missing },
      { rows: Math.min(part.effectiveRows, ofOthers) },
    );
  });
}

function checkRows({ rows, effectiveRows }: CountedPart): void {
  if (rows >= 0 && effectiveRows >= 0 && Number.isFinite(rows) && effectiveRows <= rows + 1e-6) return;
  throw new InvalidInputError({
    what: 'a part of some rows',
    expected: 'a number of rows from 0 on, and no more of them that are independent',
    found: `${rows} rows worth ${effectiveRows}`,
  });
}

function otherEdges(expected: number, found: number): InvalidInputError {
  return new InvalidInputError({
    what: 'the distributions of parts',
    expected: `the same edges in all, which make ${expected} bins`,
    found: `${found} bins`,
    remedy: 'count all parts into the edges of one distribution',
  });
}
