import { degreeOf, type Graph, HUB_NEIGHBOURS } from './graph.ts';

/**
 * The share of pairs of neighbours that deal with one another (Watts and Strogatz, 1998); 0 for hubs and for
 * nodes with fewer than two neighbours. Ties that a hub has are not followed.
 */
export function createClustering(graph: Graph): (node: number) => number {
  const neighbourOf = new Int32Array(graph.nodes).fill(-1);

  return (node) => {
    const degree = degreeOf(graph, node);
    if (degree < 2 || degree >= HUB_NEIGHBOURS) return 0;
    const neighbours = graph.neighbours.subarray(graph.starts[node], graph.starts[node + 1]);
    for (const other of neighbours) neighbourOf[other] = node;
    let ties = 0;
    for (const other of neighbours) {
      if (degreeOf(graph, other) >= HUB_NEIGHBOURS) continue;
      for (let slot = graph.starts[other]; slot < graph.starts[other + 1]; slot++) {
        const third = graph.neighbours[slot];
        if (neighbourOf[third] !== node) continue;
        // A tie between two that are no hubs is met from both sides.
        ties += degreeOf(graph, third) >= HUB_NEIGHBOURS ? 1 : 0.5;
      }
    }
    return ties / ((degree * (degree - 1)) / 2);
  };
}
