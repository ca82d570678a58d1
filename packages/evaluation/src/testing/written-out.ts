import { createRandom } from '@risk-scoring/contract';

/** The rows of one bootstrap draw, each as often as its group was drawn; copies of a row side by side, in the order of the rows. */
export function writeOutDraw(
  splitGroups: Int32Array,
  { seed, stream, redrawn }: { seed: number; stream: string; redrawn: number },
): number[] {
  const random = createRandom(seed, stream);
  const groups = [...new Set(splitGroups)].sort((a, b) => a - b);
  let drawn: number[] = [];
  for (let draw = 0; draw <= redrawn; draw++) drawn = groups.map(() => random.integer(groups.length));
  return Array.from(splitGroups.keys()).flatMap((row) =>
    drawn.filter((group) => groups[group] === splitGroups[row]).map(() => row),
  );
}
