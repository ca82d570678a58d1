import { LABEL_KINDS, type LabelKind, type LabelSet, UNLABELLED } from '@risk-scoring/contract';

/** A lead below it is a tie. */
const TIE = 1e-6;

/** How several labels of a row become one. */
export const COMBINE_MODES = ['fallback', 'priority', 'vote'] as const;

/** One of {@link COMBINE_MODES}. */
export type CombineMode = (typeof COMBINE_MODES)[number];

/** A strategy's labels, and what they count. */
export interface CombinePart {
  readonly labelSet: LabelSet;
  /** For `priority`: the highest that labels a row decides; equal ones vote. */
  readonly priority: number;
  /** What its confidences are multiplied by, in votes and in the weights that come out. */
  readonly weight: number;
}

/**
 * Makes one label per row of those of several strategies.
 *
 * - `fallback`: the first part that labels the row;
 * - `priority`: the parts of the highest priority among those that label it; several vote;
 * - `vote`: all that label it vote.
 *
 * In a vote each part counts with its weight times the row's confidence; the side with the larger sum wins, its lead over the sum of all is
 * the share of the largest winning weight that remains, and a tie leaves the row unlabelled. The source is that of the winner's strongest vote.
 *
 * @returns labels, and per part how many rows it decided
 * @example
 * combineLabelSets([{ labelSet: a, priority: 0, weight: 1 }, { labelSet: b, priority: 0, weight: 0.5 }], 'vote');
 */
export function combineLabelSets(
  parts: readonly CombinePart[],
  mode: CombineMode,
): { readonly labelSet: LabelSet; readonly decided: readonly number[] } {
  const rows = parts[0]?.labelSet.labels.length ?? 0;
  const labels = new Int8Array(rows).fill(UNLABELLED);
  const weights = new Float32Array(rows);
  const codes = new Int32Array(rows).fill(-1);
  const sources = mergeSources(parts.map(({ labelSet }) => labelSet));
  const decided = parts.map(() => 0);
  const priorities = [...new Set(parts.map(({ priority }) => priority))].sort((a, b) => b - a);
  for (let row = 0; row < rows; row++) {
    const voters = votersOf(parts, row, { mode, priorities });
    const result = vote(parts, voters, row);
    if (result === undefined) continue;
    const { part, weight } = result;
    labels[row] = parts[part]?.labelSet.labels[row] ?? UNLABELLED;
    weights[row] = weight;
    codes[row] = sources.codeOf(part, row);
    decided[part] = (decided[part] ?? 0) + 1;
  }
  return {
    labelSet: { labels, weights, sources: { names: sources.names, kinds: sources.kinds, codes } },
    decided,
  };
}

/** The parts that label a row and have a say. */
function votersOf(
  parts: readonly CombinePart[],
  row: number,
  { mode, priorities }: { readonly mode: CombineMode; readonly priorities: readonly number[] },
): number[] {
  const labelling: number[] = [];
  for (let part = 0; part < parts.length; part++) {
    const { labels, weights } = parts[part]?.labelSet ?? {};
    // A weight of 0 says nothing.
    if ((labels?.[row] ?? UNLABELLED) === UNLABELLED || !((weights?.[row] ?? 0) > 0)) continue;
    if (mode === 'fallback') return [part];
    labelling.push(part);
  }
  if (mode === 'vote') return labelling;
  const highest = priorities.find((priority) => labelling.some((part) => parts[part]?.priority === priority));
  return labelling.filter((part) => parts[part]?.priority === highest);
}

/** The strongest vote of the side that wins, and the weight that the label gets. */
function vote(
  parts: readonly CombinePart[],
  voters: readonly number[],
  row: number,
): { readonly part: number; readonly weight: number } | undefined {
  const sums = [0, 0];
  const strongest = [-1, -1];
  const strengths = [-1, -1];
  for (const part of voters) {
    const { labelSet, weight } = parts[part] ?? {};
    const label = labelSet?.labels[row] ?? 0;
    const strength = (weight ?? 0) * (labelSet?.weights[row] ?? 0);
    sums[label] = (sums[label] ?? 0) + strength;
    if (strength <= (strengths[label] ?? 0)) continue;
    strengths[label] = strength;
    strongest[label] = part;
  }
  const [normal = 0, suspicious = 0] = sums;
  const winner = suspicious > normal ? 1 : 0;
  const part = strongest[winner] ?? -1;
  const lead = Math.abs(suspicious - normal) / (suspicious + normal);
  // Weights such as 0.1 + 0.2 and 0.3 are equal but for the rounding of floats.
  if (part < 0 || !(lead > TIE)) return undefined;
  return { part, weight: (strengths[winner] ?? 0) * lead };
}

/** One list of sources for all parts; what has another kind in another part is another source. */
function mergeSources(sets: readonly LabelSet[]) {
  const names: string[] = [];
  const kinds: LabelKind[] = [];
  const codes = sets.map(({ sources }) =>
    sources.names.map((name, code) => {
      const kind = sources.kinds?.[code] ?? LABEL_KINDS[0] ?? 'true';
      const held = names.findIndex((other, at) => other === name && kinds[at] === kind);
      if (held >= 0) return held;
      names.push(name);
      kinds.push(kind);
      return names.length - 1;
    }),
  );
  return {
    names,
    kinds,
    codeOf: (part: number, row: number) => codes[part]?.[sets[part]?.sources.codes[row] ?? -1] ?? -1,
  };
}
