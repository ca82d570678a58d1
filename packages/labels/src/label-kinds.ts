import { LABEL_KINDS, type LabelKind, type LabelSet, UNLABELLED } from '@risk-scoring/contract';

/**
 * How many labelled rows there are of each kind that occurs.
 *
 * @example
 * countKinds(labelSet); // { true: 120, proxy: 30 }
 */
export function countKinds({ labels, sources }: LabelSet): Partial<Record<LabelKind, number>> {
  const counts: Partial<Record<LabelKind, number>> = {};
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === UNLABELLED) continue;
    const kind = sources.kinds?.[sources.codes[row] ?? -1] ?? 'true';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/**
 * The least trustworthy kind among the labels; `true` where there are none.
 *
 * @example
 * weakestKind(labelSet); // 'proxy'
 */
export function weakestKind(labelSet: LabelSet): LabelKind {
  const counts = countKinds(labelSet);
  return LABEL_KINDS.findLast((kind) => (counts[kind] ?? 0) > 0) ?? 'true';
}
