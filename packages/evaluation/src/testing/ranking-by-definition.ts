/** One row of a query. */
export interface DefinedRow {
  readonly label: number;
  readonly relevance: number;
  readonly score: number;
}

/** Rows from the top by comparison; equal scores keep the order they come in. */
export function byScore<Row extends DefinedRow>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => b.score - a.score);
}

/** DCG of Järvelin and Kekäläinen as LightGBM takes it, rank by rank. */
function dcg(rows: readonly DefinedRow[], k: number): number {
  return rows.slice(0, k).reduce((sum, row, i) => sum + (2 ** row.relevance - 1) / Math.log2(i + 2), 0);
}

/** The figures of one query straight from their definitions; null where nothing is relevant. */
export function figuresByDefinition(rows: readonly DefinedRow[], k: number) {
  const ranked = byScore(rows);
  const ideal = [...rows].sort((a, b) => b.relevance - a.relevance);
  const countIn = (some: readonly DefinedRow[]) => some.filter((row) => row.label === 1).length;
  const positives = countIn(rows);
  const precisionAtRank = (rank: number) => countIn(ranked.slice(0, rank)) / ranked.slice(0, rank).length;
  const atPositives = ranked.flatMap((row, i) => (row.label === 1 ? [precisionAtRank(i + 1)] : []));
  const best = dcg(ideal, k);
  return {
    precision: precisionAtRank(k),
    recall: positives > 0 ? countIn(ranked.slice(0, k)) / positives : null,
    ndcg: best > 0 ? dcg(ranked, k) / best : null,
    averagePrecision: positives > 0 ? atPositives.reduce((sum, value) => sum + value, 0) / positives : null,
  };
}
