/**
 * Values as ranks from 0 (lowest) to 1 (highest), so that one far-away value does not outweigh all others. Equal values share the mean of
 * their ranks; NaN, and the values of a column that never varies, are 0.5.
 *
 * @example
 * rankNormalise(Float32Array.of(10, 1000, Number.NaN, 20)); // 0, 1, 0.5, 0.5
 */
export function rankNormalise(values: ArrayLike<number>): Float32Array {
  const known = Int32Array.from({ length: values.length }, (_, at) => at).filter(
    (at) => !Number.isNaN(values[at]),
  );
  known.sort((a, b) => {
    const [x, y] = [values[a] ?? 0, values[b] ?? 0];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  const ranks = new Float32Array(values.length).fill(0.5);
  const last = known.length - 1;
  for (let from = 0; from < known.length; ) {
    let to = from;
    while (to < last && values[known[to + 1] ?? 0] === values[known[from] ?? 0]) to += 1;
    const rank = last === 0 ? 0.5 : (from + to) / 2 / last;
    for (let at = from; at <= to; at++) ranks[known[at] ?? 0] = rank;
    from = to + 1;
  }
  return ranks;
}
