import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keysAt, leafPaths } from './schema-keys.ts';

const inner = z.strictObject({ b: z.string(), c: z.number().default(1) });
const schema = z
  .strictObject({
    plain: z.string(),
    wrapped: z.preprocess((value) => value ?? {}, inner).default({ b: '', c: 1 }),
    either: z.union([z.string(), z.strictObject({ d: z.string() })]).optional(),
    list: z.array(inner).readonly(),
    open: z.record(z.string(), z.unknown()),
  })
  .superRefine(() => undefined);

describe('keysAt', () => {
  it.each<[path: (string | number)[], keys: string[]]>([
    [[], ['plain', 'wrapped', 'either', 'list', 'open']],
    [['wrapped'], ['b', 'c']],
    [['either'], ['d']],
    [
      ['list', 3],
      ['b', 'c'],
    ],
    [['plain'], []],
    [['open', 'x'], []],
    [['nowhere'], []],
    [['toString'], []],
  ])('knows the keys at %j', (path, keys) => {
    expect(keysAt(schema, path)).toEqual(keys);
  });
});

describe('leafPaths', () => {
  it('has every key that holds no others', () => {
    expect(leafPaths(schema).map((path) => path.join('.'))).toEqual([
      'plain',
      'wrapped.b',
      'wrapped.c',
      'either.d',
      'list',
      'open',
    ]);
  });
});
