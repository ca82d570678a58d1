/**
 * How many split groups (addresses) have a row of each class.
 *
 * @param rows the rows that count; all when left out
 * @returns groups with a row labelled 0, and with one labelled 1
 */
export function groupsOfClasses(
  labels: Int8Array,
  splitGroups: Int32Array,
  rows: Iterable<number> = labels.keys(),
): readonly [normal: number, suspicious: number] {
  const [normal, suspicious] = [new Set<number>(), new Set<number>()];
  for (const row of rows) {
    const group = splitGroups[row] ?? -1;
    if (labels[row] === 0) normal.add(group);
    else if (labels[row] === 1) suspicious.add(group);
  }
  return [normal.size, suspicious.size];
}
