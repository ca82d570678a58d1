import type { Graph } from './graph.ts';

const DAMPING = 0.85;
const ITERATIONS = 3;

/**
 * PageRank by three power iterations (Brin and Page, 1998), each payer dividing its rank evenly among those it
 * paid; ranks of nodes that pay nobody are spread over all. The ranks add up to 1.
 */
export function pageRank(graph: Graph): Float64Array {
  let rank = new Float64Array(graph.nodes).fill(1 / graph.nodes);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) rank = iterate(graph, rank);
  return rank;
}

function iterate(graph: Graph, rank: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(graph.nodes);
  let dangling = 0;
  for (let node = 0; node < graph.nodes; node++) {
    if (graph.outDegree[node] === 0) {
      dangling += rank[node];
      continue;
    }
    const share = rank[node] / graph.outDegree[node];
    for (let slot = graph.starts[node]; slot < graph.starts[node + 1]; slot++) {
      if (graph.sentCents[slot] > 0) next[graph.neighbours[slot]] += share;
    }
  }
  const base = (1 - DAMPING + DAMPING * dangling) / graph.nodes;
  for (let node = 0; node < graph.nodes; node++) next[node] = base + DAMPING * next[node];
  return next;
}
