import { type LabelSet, UNLABELLED } from '@risk-scoring/contract';

/** Which addresses are set aside: 1 by split group. */
export type HiddenGroups = Uint8Array;

/** The groups of some rows. */
export function groupsOf(
  splitGroups: Int32Array,
  count: number,
  ...parts: readonly Int32Array[]
): HiddenGroups {
  const hidden = new Uint8Array(count);
  for (const rows of parts) for (const row of rows) hidden[splitGroups[row] ?? 0] = 1;
  return hidden;
}

/** The rows of no hidden group, ascending. */
export function visibleRows(splitGroups: Int32Array, hidden: HiddenGroups): Int32Array {
  const rows = new Int32Array(splitGroups.length);
  let count = 0;
  for (let row = 0; row < splitGroups.length; row++) {
    if (hidden[splitGroups[row] ?? 0] === 0) rows[count++] = row;
  }
  return rows.slice(0, count);
}

/** A label set in which the rows of hidden groups are unlabelled. */
export function maskLabels(labelSet: LabelSet, splitGroups: Int32Array, hidden: HiddenGroups): LabelSet {
  const isHidden = (row: number) => hidden[splitGroups[row] ?? 0] === 1;
  const { counterWeights, sources } = labelSet;
  return {
    ...labelSet,
    labels: labelSet.labels.map((label, row) => (isHidden(row) ? UNLABELLED : label)),
    weights: labelSet.weights.map((weight, row) => (isHidden(row) ? 0 : weight)),
    ...(counterWeights
      ? { counterWeights: counterWeights.map((weight, row) => (isHidden(row) ? 0 : weight)) }
      : {}),
    sources: { ...sources, codes: sources.codes.map((code, row) => (isHidden(row) ? -1 : code)) },
  };
}

/** The labelled rows of a label array, ascending. */
export function labelledRows(labels: Int8Array): Int32Array {
  const rows = new Int32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) if ((labels[row] ?? UNLABELLED) >= 0) rows[count++] = row;
  return rows.slice(0, count);
}
