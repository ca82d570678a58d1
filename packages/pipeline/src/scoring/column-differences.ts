import type { FeatureColumn } from '@risk-scoring/contract';

/** How a column differs from what is recorded of it: `kind categorical, absent 0` and `kind numeric, no absent`. */
export interface ColumnDifference {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** What is recorded of a column, that which decides its numbers first. */
const FIELDS = ['group', 'kind', 'absent', 'unit', 'missing', 'meaning'] as const;

/** What metadata records: as {@link FeatureColumn}, but read from a file. */
type RecordedColumn = { readonly [Field in (typeof FIELDS)[number]]?: string | number | undefined } & {
  readonly name: string;
};

/**
 * The columns of which something that was recorded in training is another thing now, and what. Columns that are not recorded are left out.
 *
 * @param recorded `feature_columns` of the metadata, in any order
 * @example
 * columnDifferences(metadata.feature_columns ?? [], matrix.columns);
 * // [{ name: 'pagerank', expected: 'kind boolean', found: 'kind numeric' }]
 */
export function columnDifferences(
  recorded: readonly RecordedColumn[],
  found: readonly FeatureColumn[],
): ColumnDifference[] {
  const byName = new Map(recorded.map((column) => [column.name, column]));
  return found.flatMap((column) => {
    const trained = byName.get(column.name);
    if (trained === undefined) return [];
    const differing = FIELDS.filter((field) => trained[field] !== column[field]);
    if (differing.length === 0) return [];
    const show = (of: RecordedColumn) => differing.map((field) => described(field, of[field])).join(', ');
    return [{ name: column.name, expected: show(trained), found: show(column) }];
  });
}

/** The names of columns, in their order. */
export function namesOf(columns: readonly FeatureColumn[]): string[] {
  return columns.map(({ name }) => name);
}

/** Names for a message: the first few of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

function described(field: string, value: string | number | undefined): string {
  if (value === undefined) return `no ${field}`;
  return /\s/.test(String(value)) ? `${field} '${value}'` : `${field} ${value}`;
}
