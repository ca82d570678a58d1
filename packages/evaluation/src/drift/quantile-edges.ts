/** Values of a column or of scores. NaN means unknown. */
export type Values = Float32Array | Float64Array;

/**
 * Inner edges of about equally full bins. A run of equal values is never divided: a cut that would fall into one moves to the nearer end of
 * it, so that the many zeros of a sparse column make one bin and the few other values another. Up to `bins` distinct values get a bin each.
 *
 * Of a constant column the edges are its value and the next number above it, so that values on either side are told from it.
 *
 * @param values without NaN; they are sorted in place
 * @returns strictly ascending and finite; at most bins − 1 of them (2 for a constant column), none for no values
 */
export function quantileEdges(values: Values, bins: number): number[] {
  const rows = values.length;
  if (rows === 0) return [];
  values.sort();
  const [lowest, highest] = [values[0], values[rows - 1]];
  if (lowest === highest) return finite([lowest, nextAbove(lowest, values)]);
  return finite(firstOfEach(values, bins) ?? cutAtQuantiles(values, bins));
}

/** All distinct values but the lowest; undefined where there are more than `most` distinct ones. */
function firstOfEach(sorted: Values, most: number): number[] | undefined {
  const found: number[] = [];
  for (let end = endOfRun(sorted, 0); end < sorted.length; end = endOfRun(sorted, end)) {
    found.push(sorted[end]);
    if (found.length >= most) return undefined;
  }
  return found;
}

function cutAtQuantiles(sorted: Values, bins: number): number[] {
  const rows = sorted.length;
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const wanted = Math.round((bin * rows) / bins);
    if (wanted === 0) continue;
    const from = startOfRun(sorted, wanted);
    const to = endOfRun(sorted, wanted);
    const down = from > 0 && (to === rows || wanted - from <= to - wanted);
    const edge = sorted[down ? from : to];
    if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
  }
  return edges;
}

/** The first row of those that equal this one. */
function startOfRun(sorted: Values, row: number): number {
  let [low, high] = [0, row];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < sorted[row]) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row above those that equal this one; the number of rows where there is none. */
function endOfRun(sorted: Values, row: number): number {
  let [low, high] = [row + 1, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > sorted[row]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The next number above, of the precision that the values have. */
function nextAbove(value: number, { BYTES_PER_ELEMENT }: Values): number {
  const bytes = new DataView(new ArrayBuffer(8));
  if (BYTES_PER_ELEMENT === 4) {
    bytes.setFloat32(0, value + 0);
    bytes.setInt32(0, bytes.getInt32(0) + (value >= 0 ? 1 : -1));
    return bytes.getFloat32(0);
  }
  bytes.setFloat64(0, value + 0);
  bytes.setBigInt64(0, bytes.getBigInt64(0) + (value >= 0 ? 1n : -1n));
  return bytes.getFloat64(0);
}

/** Edges that JSON can hold, without −0. */
function finite(edges: readonly number[]): number[] {
  return edges.filter(Number.isFinite).map((edge) => edge + 0);
}
