/**
 * The candidates that a mistyped name may have meant, nearest first: those with a small edit distance (Levenshtein 1966) and those that
 * contain it or are contained in it.
 *
 * @param most how many at most
 * @example
 * nearestNames('grups', ['groups', 'evidence_keys']); // ['groups']
 */
export function nearestNames(name: string, candidates: readonly string[], most = 3): string[] {
  const wanted = name.toLowerCase();
  const allowed = Math.max(2, Math.floor(wanted.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Shorter than this, a name is part of too many others to mean one of them. */
const SHORTEST_PART = 4;

function distanceTo(wanted: string, candidate: string): number {
  const shorter = Math.min(wanted.length, candidate.length);
  const isPart = shorter >= SHORTEST_PART && (candidate.includes(wanted) || wanted.includes(candidate));
  return isPart ? 1 : editDistance(wanted, candidate);
}

/**
 * How many characters must be inserted, deleted or replaced to turn `a` into `b` (Levenshtein 1966).
 *
 * @example
 * editDistance('kitten', 'sitting'); // 3
 */
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
