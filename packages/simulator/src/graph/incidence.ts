import type { Ledger } from '../transfers/ledger.ts';

/** For every node its transfers, in order of time. */
export interface Incidence {
  readonly nodes: number;
  /** Node n has entries `starts[n]` … `starts[n + 1] - 1`. */
  readonly starts: Int32Array;
  /** The transfer of each entry. */
  readonly transfers: Int32Array;
  /** 1 where the node received, 0 where it sent. */
  readonly incoming: Uint8Array;
}

/** Lists every transfer at both of its ends. */
export function listIncidence(ledger: Ledger, nodes: number): Incidence {
  const starts = new Int32Array(nodes + 1);
  for (let i = 0; i < ledger.transfers; i++) {
    starts[ledger.from[i] + 1]++;
    starts[ledger.to[i] + 1]++;
  }
  for (let node = 0; node < nodes; node++) starts[node + 1] += starts[node];
  const next = starts.slice();
  const transfers = new Int32Array(ledger.transfers * 2);
  const incoming = new Uint8Array(ledger.transfers * 2);
  for (let i = 0; i < ledger.transfers; i++) {
    transfers[next[ledger.from[i]]++] = i;
    incoming[next[ledger.to[i]]] = 1;
    transfers[next[ledger.to[i]]++] = i;
  }
  return { nodes, starts, transfers, incoming };
}
