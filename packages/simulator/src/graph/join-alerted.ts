import { degreeOf, type Graph } from './graph.ts';

/** Alerted nodes that hang together, and by what. */
export interface AlertedGroup {
  /** At least two, at most 40. */
  readonly nodes: readonly number[];
  readonly kind: 'direct_transfer' | 'shared_counterparty';
}

const MOST_MEMBERS = 40;
/** A third party with more neighbours than this joins nobody. */
const MOST_NEIGHBOURS = 25;

/**
 * Joins alerted nodes that deal with one another, then those that share a counterparty which is no hub. A join that would make a
 * group too large is left out.
 *
 * @param alerted ascending
 */
export function joinAlerted(graph: Graph, alerted: Int32Array): AlertedGroup[] {
  const isAlerted = new Uint8Array(graph.nodes);
  for (const node of alerted) isAlerted[node] = 1;
  const { join, rootOf } = createUnion(graph.nodes);
  const shares = new Set<number>();
  for (const node of alerted) {
    for (const other of neighboursOf(graph, node)) if (isAlerted[other] === 1) join(node, other);
  }
  for (let third = 0; third < graph.nodes; third++) {
    const degree = degreeOf(graph, third);
    if (isAlerted[third] === 1 || degree < 2 || degree > MOST_NEIGHBOURS) continue;
    const around = neighboursOf(graph, third).filter((node) => isAlerted[node] === 1);
    for (const node of around.subarray(1)) if (join(around[0], node)) shares.add(third);
  }
  const members = new Map<number, number[]>();
  for (const node of alerted) {
    const root = rootOf(node);
    const group = members.get(root);
    if (group === undefined) members.set(root, [node]);
    else group.push(node);
  }
  const sharing = new Set(Array.from(shares, (third) => rootOf(firstAlerted(graph, third, isAlerted))));
  return Array.from(members, ([root, nodes]) => ({
    nodes,
    kind: sharing.has(root) ? ('shared_counterparty' as const) : ('direct_transfer' as const),
  })).filter(({ nodes }) => nodes.length > 1);
}

function neighboursOf(graph: Graph, node: number): Int32Array {
  return graph.neighbours.subarray(graph.starts[node], graph.starts[node + 1]);
}

function firstAlerted(graph: Graph, node: number, isAlerted: Uint8Array): number {
  return neighboursOf(graph, node).find((other) => isAlerted[other] === 1) as number;
}

/** Disjoint sets with path halving; the smaller set joins the larger. */
function createUnion(nodes: number) {
  const parent = Int32Array.from({ length: nodes }, (_, node) => node);
  const size = new Int32Array(nodes).fill(1);

  function rootOf(node: number): number {
    let root = node;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  }

  /** Whether the two were apart and are together now. */
  function join(a: number, b: number): boolean {
    const [large, small] =
      size[rootOf(a)] >= size[rootOf(b)] ? [rootOf(a), rootOf(b)] : [rootOf(b), rootOf(a)];
    if (large === small || size[large] + size[small] > MOST_MEMBERS) return false;
    parent[small] = large;
    size[large] += size[small];
    return true;
  }

  return { rootOf, join };
}
