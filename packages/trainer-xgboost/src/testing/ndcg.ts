/**
 * The mean over queries of the normalised discounted cumulative gain of the first `k` (Järvelin & Kekäläinen 2002, with gain 2^grade − 1 and
 * discount log2(place + 1)); ties keep the order of the rows.
 */
export function meanNdcg(
  rows: Int32Array,
  scores: ArrayLike<number>,
  { grades, queryIds, k }: { grades: ArrayLike<number>; queryIds: ArrayLike<number>; k: number },
): number {
  const queries = new Map<number, { score: number; grade: number }[]>();
  for (const [i, row] of rows.entries()) {
    const query = queryIds[row] ?? -1;
    const entry = { score: scores[i] ?? Number.NaN, grade: grades[row] ?? Number.NaN };
    queries.set(query, [...(queries.get(query) ?? []), entry]);
  }
  const values = Array.from(queries.values(), (entries) => {
    const found = gainOf(entries.toSorted((a, b) => b.score - a.score));
    const best = gainOf(entries.toSorted((a, b) => b.grade - a.grade));
    return best === 0 ? 1 : found / best;
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;

  function gainOf(entries: readonly { grade: number }[]): number {
    return entries
      .slice(0, k)
      .reduce((sum, { grade }, place) => sum + (2 ** grade - 1) / Math.log2(place + 2), 0);
  }
}
