import { degreeOf, type Graph, HUB_NEIGHBOURS } from './graph.ts';

const ROUNDS = 5;

/**
 * Which nodes hang together without hubs: five rounds in which every node takes the smallest label among
 * itself and its neighbours, hubs neither taking nor giving. A label names a community within one snapshot.
 */
export function communities(graph: Graph): Int32Array {
  const label = Int32Array.from({ length: graph.nodes }, (_, node) => node);
  const isHub = (node: number) => degreeOf(graph, node) >= HUB_NEIGHBOURS;
  for (let round = 0; round < ROUNDS; round++) {
    const before = label.slice();
    for (let node = 0; node < graph.nodes; node++) {
      if (isHub(node)) continue;
      for (let slot = graph.starts[node]; slot < graph.starts[node + 1]; slot++) {
        const other = graph.neighbours[slot];
        if (!isHub(other) && before[other] < label[node]) label[node] = before[other];
      }
    }
  }
  return label;
}
