import { degreeOf, type Graph, HUB_NEIGHBOURS } from './graph.ts';

/** Nodes at exactly one, two and three steps, and the cents that moved on the last step towards them. */
export interface Hops {
  readonly counts: readonly [number, number, number];
  readonly cents: readonly [number, number, number];
}

/** Walks outwards from one node after the other, keeping its room between walks. */
export function createHopWalker(graph: Graph): (node: number) => Hops {
  const seenBy = new Int32Array(graph.nodes).fill(-1);

  function step(from: readonly number[], origin: number): { reached: number[]; cents: number } {
    const reached: number[] = [];
    let cents = 0;
    for (const node of from) {
      // Hubs end every path, except one that starts at a hub.
      if (node !== origin && degreeOf(graph, node) >= HUB_NEIGHBOURS) continue;
      for (let slot = graph.starts[node]; slot < graph.starts[node + 1]; slot++) {
        const other = graph.neighbours[slot];
        if (seenBy[other] === origin) continue;
        seenBy[other] = origin;
        reached.push(other);
        cents += graph.receivedCents[slot] + graph.sentCents[slot];
      }
    }
    return { reached, cents };
  }

  return (origin) => {
    seenBy[origin] = origin;
    const first = step([origin], origin);
    const second = step(first.reached, origin);
    const third = step(second.reached, origin);
    return {
      counts: [first.reached.length, second.reached.length, third.reached.length],
      cents: [first.cents, second.cents, third.cents],
    };
  };
}
