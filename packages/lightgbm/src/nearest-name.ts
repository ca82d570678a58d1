/** The candidate with the smallest edit distance to `name` (Levenshtein 1966); the first of equals. */
export function nearestName(name: string, candidates: Iterable<string>): string {
  let nearest = '';
  let smallest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** How many characters must be inserted, deleted or replaced to turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = new Uint32Array(b.length + 1);
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1);
    }
    row = next;
  }
  return at(row, b.length);
}

function at(row: Uint32Array, index: number): number {
  return row[index] as number;
}
