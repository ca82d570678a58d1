import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderByCode } from './order-by-code.ts';

it('orders rows by code, stably, and says where each code starts', () => {
  const rows = fc.array(fc.record({ code: fc.integer({ min: 0, max: 5 }), chosen: fc.boolean() }));
  fc.assert(
    fc.property(rows, (all) => {
      const codes = Int32Array.from(all, ({ code }) => code);
      // Descending, so that the order they come in is not that of their indices.
      const chosen = Int32Array.from(all.keys())
        .filter((row) => all[row]?.chosen)
        .reverse();
      const { order, starts } = orderByCode(codes, 6, chosen);
      for (let code = 0; code < 6; code++) {
        const expected = chosen.filter((row) => codes[row] === code);
        expect(order.subarray(starts[code], starts[code + 1])).toEqual(expected);
      }
      expect(orderByCode(codes, 6)).toEqual(orderByCode(codes, 6, Int32Array.from(all.keys())));
    }),
  );
});
