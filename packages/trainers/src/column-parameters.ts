import { type FeatureColumn, InvalidInputError, nearestNames } from '@risk-scoring/contract';
import type { LightGBMParameters } from '@risk-scoring/lightgbm';

/** Options that name columns, for which LightGBM has positions. */
export interface ColumnOptions {
  /**
   * Columns with which the score may only grow (1) or only fall (-1), all else being equal.
   */
  readonly monotoneConstraints?: Readonly<Record<string, 1 | -1>>;
  /**
   * Columns whose numbers are categories: whole numbers from 0, or NaN. `auto`: those of kind `categorical`. None by default.
   */
  readonly categoricalColumns?: readonly string[] | 'auto';
}

/**
 * The parameters of LightGBM that follow from named columns.
 *
 * @returns `monotone_constraints` with one number per column and `categorical_feature` with positions, each only where a column is named
 * @throws {InvalidInputError} where a named column is not in the matrix, naming the nearest ones, or is both monotone and categorical
 * @example
 * columnParameters(data.columns, { monotoneConstraints: { amount_usd: 1 } }); // { monotone_constraints: [0, 1, 0] }
 */
export function columnParameters(
  columns: readonly FeatureColumn[],
  { monotoneConstraints = {}, categoricalColumns = [] }: ColumnOptions,
): LightGBMParameters {
  const categorical =
    categoricalColumns === 'auto'
      ? columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name)
      : categoricalColumns;
  assertKnown('monotoneConstraints', Object.keys(monotoneConstraints), columns);
  assertKnown('categoricalColumns', categorical, columns);
  const both = categorical.find((name) => Object.hasOwn(monotoneConstraints, name));
  if (both !== undefined) {
    throw new InvalidInputError({
      what: `The column '${both}' of monotoneConstraints`,
      expected: 'a column with an order',
      found: 'one whose numbers are categories',
    });
  }
  const directions = columns.map(({ name }) =>
    Object.hasOwn(monotoneConstraints, name) ? (monotoneConstraints[name] ?? 0) : 0,
  );
  const positions = columns.flatMap(({ name }, position) => (categorical.includes(name) ? [position] : []));
  return {
    ...(directions.some((direction) => direction !== 0) ? { monotone_constraints: directions } : {}),
    ...(positions.length > 0 ? { categorical_feature: positions } : {}),
  };
}

function assertKnown(option: string, names: readonly string[], columns: readonly FeatureColumn[]): void {
  const known = columns.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestNames(unknown, known);
  throw new InvalidInputError({
    what: `The column '${unknown}' of ${option}`,
    expected:
      nearest.length > 0
        ? `a column of the matrix; the nearest: ${nearest.map((name) => `'${name}'`).join(', ')}`
        : 'a column of the matrix',
    found: 'no column of this name',
  });
}
