import { type LabelKind, type LabelSet, UNLABELLED } from '@risk-scoring/contract';

/** A label set whose labels all have one source. */
export function fromOneSource(
  labels: Int8Array,
  {
    weights,
    name,
    kind,
  }: { readonly weights: number | Float32Array; readonly name: string; readonly kind: LabelKind },
): LabelSet {
  const weightOf = (row: number) => (typeof weights === 'number' ? weights : (weights[row] ?? 0));
  return {
    labels,
    weights: Float32Array.from(labels, (label, row) => (label === UNLABELLED ? 0 : weightOf(row))),
    sources: {
      names: [name],
      kinds: [kind],
      codes: Int32Array.from(labels, (label) => (label === UNLABELLED ? -1 : 0)),
    },
  };
}
