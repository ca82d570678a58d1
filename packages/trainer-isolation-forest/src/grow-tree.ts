import type { Random } from '@risk-scoring/contract';
import type { Values } from './sample.ts';

const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** The nodes of one tree, as in {@link Forest}. */
export interface Tree {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly size: Int32Array;
}

/** Limits of a tree. */
export interface TreeLimits {
  /** Splits above a leaf, at most. */
  readonly height: number;
  /** Columns that the tree draws from. */
  readonly maxFeatures: number;
}

/** Rows `order[start]` … `order[end - 1]` at a node, and the columns that may still vary among them: the first `columns` candidates. */
interface NodeRows {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly columns: number;
  readonly depth: number;
}

/**
 * Grows an isolation tree on a sample (algorithm 2 of the paper): at each node a column by chance among those that vary there, a threshold by
 * chance between its least and its greatest value, until a row is alone, nothing varies or the height is reached.
 *
 * Thresholds are float32 numbers t with least ≤ t < greatest, and a row goes left where x ≤ t, so neither side is empty and a float32
 * comparison elsewhere decides the same. Rows where the column is unknown all go where one of the node's other rows goes, drawn by
 * chance: as if they had its value. Infinite values count as the largest finite ones, so that thresholds are finite.
 */
export function growTree(sample: Values, { height, maxFeatures }: TreeLimits, random: Random): Tree {
  const most = 2 * sample.rows - 1;
  const feature = new Int32Array(most).fill(-1);
  const threshold = new Float32Array(most);
  const left = new Int32Array(most);
  const missingLeft = new Uint8Array(most);
  const size = new Int32Array(most);
  const order = Int32Array.from({ length: sample.rows }, (_, row) => row);
  const candidates = random.shuffle(Int32Array.from({ length: sample.columns }, (_, column) => column));
  let nodes = 1;
  grow({
    node: 0,
    start: 0,
    end: sample.rows,
    columns: Math.min(maxFeatures, sample.columns),
    depth: 0,
  });
  return {
    feature: feature.slice(0, nodes),
    threshold: threshold.slice(0, nodes),
    left: left.slice(0, nodes),
    missingLeft: missingLeft.slice(0, nodes),
    size: size.slice(0, nodes),
  };

  function grow({ node, start, end, columns, depth }: NodeRows): void {
    size[node] = end - start;
    if (end - start < 2 || depth >= height) return;
    const { chosen, varying } = chooseColumn(start, end, columns);
    if (chosen === undefined) return;
    const values = sample.values.subarray(chosen.column * sample.rows, (chosen.column + 1) * sample.rows);
    const limit = drawThreshold(chosen, random);
    const goesLeft = unknownGoLeft(values, limit, { start, end });
    const middle = partition(values, limit, { start, end, goesLeft });
    feature[node] = chosen.column;
    threshold[node] = limit;
    missingLeft[node] = goesLeft ? 1 : 0;
    left[node] = nodes;
    nodes += 2;
    const below = { columns: varying, depth: depth + 1 };
    grow({ node: left[node] as number, start, end: middle, ...below });
    grow({ node: (left[node] as number) + 1, start: middle, end, ...below });
  }

  /** Draws columns until one varies. Those that do not are moved behind the candidates: they cannot vary further down either. */
  function chooseColumn(start: number, end: number, columns: number) {
    let varying = columns;
    while (varying > 0) {
      const at = random.integer(varying);
      const column = candidates[at] as number;
      const range = rangeOf(column, start, end);
      if (range.least < range.greatest) return { chosen: { column, ...range }, varying };
      varying -= 1;
      candidates[at] = candidates[varying] as number;
      candidates[varying] = column;
    }
    return { chosen: undefined, varying };
  }

  function rangeOf(column: number, start: number, end: number): { least: number; greatest: number } {
    const from = column * sample.rows;
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) {
      const value = sample.values[from + (order[i] as number)] as number;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    return { least: Math.max(least, -LARGEST_FLOAT32), greatest };
  }

  /** Where a known row drawn by chance goes. */
  function unknownGoLeft(
    values: Float32Array,
    limit: number,
    { start, end }: Pick<NodeRows, 'start' | 'end'>,
  ): boolean {
    for (;;) {
      const value = values[order[start + random.integer(end - start)] as number] as number;
      if (!Number.isNaN(value)) return value <= limit;
    }
  }

  /** Brings the rows that go left to the front, and says where those that go right begin. */
  function partition(
    values: Float32Array,
    limit: number,
    { start, end, goesLeft }: Pick<NodeRows, 'start' | 'end'> & { goesLeft: boolean },
  ): number {
    let middle = start;
    for (let i = start; i < end; i++) {
      const row = order[i] as number;
      const value = values[row] as number;
      if (!(value <= limit || (goesLeft && Number.isNaN(value)))) continue;
      order[i] = order[middle] as number;
      order[middle] = row;
      middle += 1;
    }
    return middle;
  }
}

/** A finite float32 number from `least` up to, but not, `greatest`. */
function drawThreshold({ least, greatest }: { least: number; greatest: number }, random: Random): number {
  const to = Math.min(greatest, LARGEST_FLOAT32);
  const drawn = Math.fround(least + random.next() * (to - least));
  return drawn < greatest ? drawn : least;
}
