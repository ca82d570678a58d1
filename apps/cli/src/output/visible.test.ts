import { expect, it } from 'vitest';
import { table } from './table.ts';
import { visible } from './visible.ts';

it('shows what would steer a terminal, and leaves the rest', () => {
  expect(visible('\u001b]0;title\u0007 \u009b31m\rx')).toBe('\\u001b]0;title\\u0007 \\u009b31m\\u000dx');
  expect(visible('a\u202eb')).toBe('a\\u202eb');
  expect(visible('AUC 0.9 – “é” 中\nnext')).toBe('AUC 0.9 – “é” 中\nnext');
});

it('keeps a cell of a table on its line', () => {
  expect(
    table([
      ['name', 'rows'],
      ['a\nfake', '1'],
    ]).split('\n'),
  ).toHaveLength(2);
});
