import { editDistance } from '@risk-scoring/contract';

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
