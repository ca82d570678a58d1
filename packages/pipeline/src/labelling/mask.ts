import { type LabelSet, type Split, UNLABELLED } from '@risk-scoring/contract';

/** Which rows are set aside: 1 by row. Nothing that is judged on some of them may learn from any. */
export type HiddenRows = Uint8Array;

/** What a split hides: what it says itself (a guarded splitter always does), or every row of the split groups that it tests. */
export function hiddenBy({ test, hidden }: Split, splitGroups: Int32Array): HiddenRows {
  return hidden ?? rowsOfGroups(splitGroups, test);
}

/** Every row of the groups that some rows are of, as 1 by row. */
export function rowsOfGroups(splitGroups: Int32Array, rows: Int32Array): HiddenRows {
  const groups = new Set<number>();
  for (const row of rows) groups.add(splitGroups[row] ?? -1);
  return Uint8Array.from(splitGroups, (group) => (groups.has(group) ? 1 : 0));
}

/** Rows that either hides. */
export function bothHidden(one: HiddenRows, other: HiddenRows): HiddenRows {
  return one.map((flag, row) => flag | (other[row] ?? 0));
}

/** The rows that are not hidden, ascending. */
export function visibleRows(hidden: HiddenRows): Int32Array {
  const rows = new Int32Array(hidden.length);
  let count = 0;
  for (let row = 0; row < hidden.length; row++) if (hidden[row] === 0) rows[count++] = row;
  return rows.slice(0, count);
}

/** A label set in which hidden rows are unlabelled. */
export function maskLabels(labelSet: LabelSet, hidden: HiddenRows): LabelSet {
  const { counterWeights, sources } = labelSet;
  const isHidden = (row: number) => hidden[row] === 1;
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
