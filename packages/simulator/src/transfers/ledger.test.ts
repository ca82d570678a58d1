import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedgerWriter } from './ledger.ts';

describe('the ledger', () => {
  it('keeps every transfer, in order of time and, at one time, of booking', () => {
    const transfer = fc.record({
      from: fc.nat(9),
      to: fc.nat(9),
      cents: fc.integer({ min: 1, max: 1e12 }),
      asset: fc.nat(5),
      time: fc.nat(50).map((second) => 1_735_000_000_000 + 1000 * second),
    });
    // More than the 1024 that fit before the columns grow.
    fc.assert(
      fc.property(fc.array(transfer, { minLength: 1, maxLength: 3000, size: 'max' }), (transfers) => {
        const writer = createLedgerWriter();
        for (const each of transfers) writer.add(each);
        const ledger = writer.finish();
        const found = transfers.map((_, i) => ({
          from: ledger.from[i],
          to: ledger.to[i],
          cents: ledger.cents[i],
          asset: ledger.asset[i],
          time: ledger.time[i],
        }));
        expect(found).toEqual(transfers.toSorted((a, b) => a.time - b.time));
      }),
      { numRuns: 20 },
    );
  });
});
