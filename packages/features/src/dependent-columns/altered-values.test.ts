import { expect, it } from 'vitest';
import { alteredValues } from './altered-values.ts';

it.each([
  // Severities become every other one, however they are spelt; other texts also one that nobody knows.
  { type: 'String', held: ['critical', 'high'], values: ['critical', 'high', 'low', 'medium'] },
  { type: 'LowCardinality(String)', held: ['Critical'], values: ['Critical', 'low', 'medium', 'high'] },
  { type: 'String', held: ['fan_in', 'fan_out'], values: ['fan_in', 'fan_out', 'fan_out~'] },
  { type: 'String', held: [], values: ['', '~'] },
  { type: 'Bool', held: ['true'], values: ['false', 'true'] },
  // Shares stay in 0..1; other numbers get one beyond the largest.
  { type: 'Float32', held: ['0.25'], values: ['0', '0.25', '1'] },
  { type: 'Float64', held: ['0', '1'], values: ['0', '1'] },
  { type: 'Nullable(Float64)', held: [], values: ['0', '1'] },
  { type: 'Float32', held: ['-2', '3'], values: ['-2', '3', '9'] },
  { type: 'Float32', held: ['0', '3e38'], values: ['0', '3e38'] },
  { type: 'UInt32', held: ['3', '10'], values: ['3', '10', '18'] },
  { type: 'UInt64', held: [], values: ['0', '1'] },
  // At the edge of the type.
  { type: 'UInt8', held: ['7', '200'], values: ['7', '200', '255'] },
  { type: 'UInt8', held: ['255'], values: ['254', '255'] },
  { type: 'Int8', held: ['-128', '127'], values: ['-128', '127'] },
  { type: 'Decimal(38, 18)', held: ['-0.5', '2'], values: ['-0.5', '2', '5.500000000000000000'] },
  { type: 'Decimal(4, 2)', held: ['0.01', '99.98'], values: ['0.01', '99.98', '99.99'] },
  { type: 'Array(String)', held: ["['a','b']"], values: ['[]', "['a','b']", "['~']"] },
  { type: 'Array(UInt16)', held: ['[]'], values: ['[]', '[1]'] },
  { type: 'Date', held: ['2024-02-28'], values: ['2024-02-28', '2024-02-29'] },
  { type: 'DateTime', held: ['2024-12-31 23:00:00'], values: ['2024-12-31 23:00:00', '2025-01-01 23:00:00'] },
  { type: 'UUID', held: ['a'], values: ['a'] },
])('$held of $type may become $values', ({ type, held, values }) => {
  expect(alteredValues(held, type)).toEqual(values);
});
