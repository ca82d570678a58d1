import { degreeOf, type Graph } from './graph.ts';

/**
 * The core number of every node: the largest k such that it belongs to a set whose members all have k
 * neighbours within the set. By peeling nodes of least degree (Batagelj and Zaversnik, 2003), linear in the edges.
 */
export function coreNumbers(graph: Graph): Int32Array {
  const core = Int32Array.from({ length: graph.nodes }, (_, node) => degreeOf(graph, node));
  const { order, position, binStarts } = sortByDegree(core);
  for (let i = 0; i < order.length; i++) {
    const node = order[i];
    for (let slot = graph.starts[node]; slot < graph.starts[node + 1]; slot++) {
      const other = graph.neighbours[slot];
      if (core[other] <= core[node]) continue;
      moveToBinStart(other, binStarts[core[other]], { order, position });
      binStarts[core[other]]++;
      core[other]--;
    }
  }
  return core;
}

interface Bins {
  /** Nodes by ascending remaining degree. */
  readonly order: Int32Array;
  /** Where each node stands in `order`. */
  readonly position: Int32Array;
}

function sortByDegree(degrees: Int32Array): Bins & { binStarts: Int32Array } {
  const binStarts = new Int32Array(degrees.reduce((most, degree) => Math.max(most, degree), 0) + 2);
  for (const degree of degrees) binStarts[degree + 1]++;
  for (let degree = 1; degree < binStarts.length; degree++) binStarts[degree] += binStarts[degree - 1];
  const next = binStarts.slice();
  const order = new Int32Array(degrees.length);
  const position = new Int32Array(degrees.length);
  degrees.forEach((degree, node) => {
    position[node] = next[degree]++;
    order[position[node]] = node;
  });
  return { order, position, binStarts };
}

function moveToBinStart(node: number, start: number, { order, position }: Bins): void {
  const displaced = order[start];
  const left = position[node];
  order[start] = node;
  order[left] = displaced;
  position[node] = start;
  position[displaced] = left;
}
