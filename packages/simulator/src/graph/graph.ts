import type { Ledger } from '../transfers/ledger.ts';
import type { Incidence } from './incidence.ts';

/** Who deals with whom: distinct neighbours of every node, with what went each way. */
export interface Graph {
  readonly nodes: number;
  /** Node n has neighbours `starts[n]` … `starts[n + 1] - 1`. */
  readonly starts: Int32Array;
  readonly neighbours: Int32Array;
  /** Cents received from the neighbour; 0 when it sent nothing. */
  readonly receivedCents: Float64Array;
  /** Cents sent to the neighbour; 0 when it received nothing. */
  readonly sentCents: Float64Array;
  /** Neighbours that received something from the node. */
  readonly outDegree: Int32Array;
  /** Neighbours that sent something to the node. */
  readonly inDegree: Int32Array;
}

/** With so many neighbours or more, a node is a hub: paths through it say nothing of those it joins. */
export const HUB_NEIGHBOURS = 50;

/** Merges the transfers of every pair. */
export function buildGraph(ledger: Ledger, incidence: Incidence): Graph {
  const { nodes } = incidence;
  const starts = new Int32Array(nodes + 1);
  const neighbours = new Int32Array(incidence.transfers.length);
  const receivedCents = new Float64Array(neighbours.length);
  const sentCents = new Float64Array(neighbours.length);
  const outDegree = new Int32Array(nodes);
  const inDegree = new Int32Array(nodes);
  const slotOf = new Int32Array(nodes);
  const seenBy = new Int32Array(nodes).fill(-1);
  let slots = 0;
  for (let node = 0; node < nodes; node++) {
    starts[node] = slots;
    for (let entry = incidence.starts[node]; entry < incidence.starts[node + 1]; entry++) {
      const transfer = incidence.transfers[entry];
      const received = incidence.incoming[entry] === 1;
      const other = received ? ledger.from[transfer] : ledger.to[transfer];
      if (seenBy[other] !== node) {
        seenBy[other] = node;
        slotOf[other] = slots;
        neighbours[slots++] = other;
      }
      const cents = received ? receivedCents : sentCents;
      if (cents[slotOf[other]] === 0) (received ? inDegree : outDegree)[node]++;
      cents[slotOf[other]] += ledger.cents[transfer];
    }
  }
  starts[nodes] = slots;
  return {
    nodes,
    starts,
    neighbours: neighbours.subarray(0, slots),
    receivedCents: receivedCents.subarray(0, slots),
    sentCents: sentCents.subarray(0, slots),
    outDegree,
    inDegree,
  };
}

/** How many distinct neighbours a node has. */
export function degreeOf(graph: Graph, node: number): number {
  return graph.starts[node + 1] - graph.starts[node];
}
