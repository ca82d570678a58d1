/** The grade of a suspicious row of which no grade is known, where others have one: that of `high`. */
const SUSPICIOUS = 2;

/**
 * How much each row matters to a ranker: the grade that the labels bring (risk level low 0, medium 1, high 2, critical 3), or the label itself where
 * they bring none.
 */
export function relevanceOf(labels: Int8Array, relevance: Uint8Array | undefined): Uint8Array {
  if (relevance === undefined) return Uint8Array.from(labels, (label) => (label === 1 ? 1 : 0));
  return relevance.map((grade, row) => {
    if (labels[row] === 1 && grade === 0) return SUSPICIOUS;
    return (labels[row] ?? -1) < 0 ? 0 : grade;
  });
}
