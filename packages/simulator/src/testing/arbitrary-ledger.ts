import fc from 'fast-check';
import { createLedgerWriter, type Ledger } from '../transfers/ledger.ts';

/** A ledger among few nodes, so that pairs and triangles recur. */
export interface SmallNetwork {
  readonly nodes: number;
  readonly ledger: Ledger;
}

/** Ledgers of up to 60 transfers among up to 12 nodes, nobody paying itself. */
export const smallNetworks: fc.Arbitrary<SmallNetwork> = fc
  .integer({ min: 2, max: 12 })
  .chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      transfers: fc.array(
        fc.record({
          from: fc.nat(nodes - 1),
          step: fc.integer({ min: 1, max: nodes - 1 }),
          cents: fc.integer({ min: 1, max: 1_000_000 }),
          asset: fc.nat(5),
          second: fc.nat(2_592_000),
        }),
        { minLength: 1, maxLength: 60 },
      ),
    }),
  )
  .map(({ nodes, transfers }) => {
    const writer = createLedgerWriter();
    for (const { from, step, cents, asset, second } of transfers) {
      writer.add({ from, to: (from + step) % nodes, cents, asset, time: 1.7e12 + 1000 * second });
    }
    return { nodes, ledger: writer.finish() };
  });
