import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SmallNetwork, smallNetworks } from '../testing/arbitrary-ledger.ts';
import { createLedgerWriter, type Ledger } from '../transfers/ledger.ts';
import { createClustering } from './clustering.ts';
import { communities } from './communities.ts';
import { coreNumbers } from './core-numbers.ts';
import { buildGraph } from './graph.ts';
import { createHopWalker } from './hops.ts';
import { listIncidence } from './incidence.ts';
import { joinAlerted } from './join-alerted.ts';
import { pageRank } from './pagerank.ts';

const graphOf = ({ nodes, ledger }: SmallNetwork) => buildGraph(ledger, listIncidence(ledger, nodes));
const range = (length: number) => Array.from({ length }, (_, i) => i);

/** cents[from][to], added up transfer by transfer. */
function matrixOf({ nodes, ledger }: SmallNetwork): number[][] {
  const matrix = range(nodes).map(() => new Array<number>(nodes).fill(0));
  for (let i = 0; i < ledger.transfers; i++) {
    (matrix[ledger.from[i]] as number[])[ledger.to[i]] += ledger.cents[i];
  }
  return matrix;
}

/** Whether two nodes deal with one another, either way. */
function tiesOf(network: SmallNetwork): boolean[][] {
  const matrix = matrixOf(network);
  const at = (a: number, b: number) => (matrix[a] as number[])[b] as number;
  return range(network.nodes).map((a) => range(network.nodes).map((b) => at(a, b) + at(b, a) > 0));
}

const tied = (ties: boolean[][], a: number) => range(ties.length).filter((b) => ties[a]?.[b]);

describe('buildGraph', () => {
  it('adds up what went each way between every pair', () => {
    fc.assert(
      fc.property(smallNetworks, (network) => {
        const matrix = matrixOf(network);
        const graph = graphOf(network);
        for (const node of range(network.nodes)) {
          const slots = range(graph.starts[node + 1] - graph.starts[node]).map((i) => graph.starts[node] + i);
          const sent = range(network.nodes).map((other) => {
            const slot = slots.find((each) => graph.neighbours[each] === other);
            return slot === undefined ? 0 : graph.sentCents[slot];
          });
          expect(sent).toEqual(matrix[node]);
          expect(graph.outDegree[node]).toBe(matrix[node]?.filter((cents) => cents > 0).length);
          expect(graph.inDegree[node]).toBe(matrix.filter((row) => (row[node] ?? 0) > 0).length);
        }
      }),
    );
  });
});

describe('coreNumbers', () => {
  it('agrees with peeling nodes one by one for every k', () => {
    fc.assert(
      fc.property(smallNetworks, (network) => {
        const ties = tiesOf(network);
        const expected = new Int32Array(network.nodes);
        for (const k of range(network.nodes)) {
          let left = range(network.nodes);
          const enough = (node: number) =>
            tied(ties, node).filter((other) => left.includes(other)).length >= k;
          while (!left.every(enough)) left = left.filter(enough);
          for (const node of left) expected[node] = k;
        }
        expect(coreNumbers(graphOf(network))).toEqual(expected);
      }),
    );
  });
});

describe('pageRank', () => {
  it('agrees with three steps of the dense transition matrix, and adds up to 1', () => {
    fc.assert(
      fc.property(smallNetworks, (network) => {
        const { nodes } = network;
        const matrix = matrixOf(network);
        // Column-stochastic; who pays nobody spreads over all.
        const moves = matrix.map((row) => {
          const paid = row.filter((cents) => cents > 0).length;
          return row.map((cents) => (paid === 0 ? 1 / nodes : cents > 0 ? 1 / paid : 0));
        });
        let expected = range(nodes).map(() => 1 / nodes);
        for (const _ of range(3)) {
          const before = expected;
          expected = range(nodes).map(
            (to) =>
              0.15 / nodes +
              0.85 *
                range(nodes).reduce((sum, from) => sum + (before[from] ?? 0) * (moves[from]?.[to] ?? 0), 0),
          );
        }
        const found = pageRank(graphOf(network));
        expected.forEach((value, node) => {
          expect(found[node]).toBeCloseTo(value, 12);
        });
        expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('clustering', () => {
  it('agrees with counting all pairs of neighbours', () => {
    fc.assert(
      fc.property(smallNetworks, (network) => {
        const ties = tiesOf(network);
        const clusteringOf = createClustering(graphOf(network));
        for (const node of range(network.nodes)) {
          const around = tied(ties, node);
          const pairs = around.flatMap((a, i) => around.slice(i + 1).map((b) => [a, b] as const));
          const joined = pairs.filter(([a, b]) => ties[a]?.[b]).length;
          expect(clusteringOf(node)).toBeCloseTo(pairs.length === 0 ? 0 : joined / pairs.length, 12);
        }
      }),
    );
  });
});

describe('the hop walker', () => {
  it('agrees with shortest paths by Floyd and Warshall', () => {
    fc.assert(
      fc.property(smallNetworks, (network) => {
        const ties = tiesOf(network);
        const distance = range(network.nodes).map((a) =>
          range(network.nodes).map((b) => (a === b ? 0 : ties[a]?.[b] ? 1 : Infinity)),
        );
        for (const via of range(network.nodes)) {
          for (const row of distance) {
            for (const to of range(network.nodes)) {
              row[to] = Math.min(row[to] as number, (row[via] as number) + (distance[via]?.[to] as number));
            }
          }
        }
        const walk = createHopWalker(graphOf(network));
        for (const node of range(network.nodes)) {
          const at = (steps: number) => distance[node]?.filter((steps_) => steps_ === steps).length;
          expect(walk(node).counts).toEqual([at(1), at(2), at(3)]);
        }
      }),
    );
  });

  it('does not pass through a hub', () => {
    // Node 0 – hub 1 – sixty others.
    const others = range(60).map((i) => [1, i + 2] as const);
    const graph = graphOf(networkOf([[0, 1], ...others]));
    expect(createHopWalker(graph)(0).counts).toEqual([1, 0, 0]);
    expect(createHopWalker(graph)(1).counts).toEqual([61, 0, 0]);
  });
});

describe('communities', () => {
  it('holds together what is within five steps, and keeps apart what is not joined', () => {
    const graph = graphOf(
      networkOf([
        [0, 1],
        [2, 1],
        [3, 4],
        [5, 4],
      ]),
    );
    expect(Array.from(communities(graph))).toEqual([0, 0, 0, 3, 3, 3]);
  });
});

describe('joinAlerted', () => {
  it('joins by direct transfers and by shared counterparties, but not through hubs', () => {
    const hub = 20;
    const crowd = range(30).map((i) => [hub, 30 + i] as const);
    const graph = graphOf(networkOf([[0, 1], [2, 10], [3, 10], [4, hub], [5, hub], ...crowd]));
    expect(joinAlerted(graph, Int32Array.of(0, 1, 2, 3, 4, 5))).toEqual([
      { nodes: [0, 1], kind: 'direct_transfer' },
      { nodes: [2, 3], kind: 'shared_counterparty' },
    ]);
  });

  it('never makes a group of more than forty', () => {
    const chain = range(200).map((i) => [i, i + 1] as const);
    const groups = joinAlerted(graphOf(networkOf(chain)), Int32Array.from(range(201)));
    expect(Math.max(...groups.map(({ nodes }) => nodes.length))).toBeLessThanOrEqual(40);
    expect(new Set(groups.flatMap(({ nodes }) => nodes)).size).toBe(
      groups.flatMap(({ nodes }) => nodes).length,
    );
  });
});

function networkOf(pairs: readonly (readonly [number, number])[]): SmallNetwork {
  const writer = createLedgerWriter();
  pairs.forEach(([from, to], i) => {
    writer.add({ from, to, cents: 100, asset: 0, time: 1.7e12 + 1000 * i });
  });
  const ledger: Ledger = writer.finish();
  return { nodes: Math.max(...pairs.flat()) + 1, ledger };
}
