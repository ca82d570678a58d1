import fc from 'fast-check';
import { expect, it } from 'vitest';
import { denseGroups } from './dense-groups.ts';

it('renumbers small and large codes without gaps, in their order', () => {
  const code = fc.oneof(
    fc.nat(9),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  );
  fc.assert(
    fc.property(fc.array(code), (values) => {
      const { groupCodes, groups, codes } = denseGroups(Int32Array.from(values));
      const distinct = [...new Set(values)].sort((a, b) => a - b);
      expect(groups).toBe(distinct.length);
      expect(Array.from(codes)).toEqual(distinct);
      expect(Array.from(groupCodes)).toEqual(values.map((value) => distinct.indexOf(value)));
    }),
  );
  // Few rows, so that large codes are searched for rather than looked up.
  expect(denseGroups(Int32Array.of(2_000_000_000, 7))).toMatchObject({
    groups: 2,
    groupCodes: Int32Array.of(1, 0),
  });
});
