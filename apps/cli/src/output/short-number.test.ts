import { describe, expect, it } from 'vitest';
import { clock, shortBytes, shortNumber } from './short-number.ts';

describe('shortNumber', () => {
  it.each([
    [0, '0'],
    [0.04, '0'],
    [0.5, '0.5'],
    [7, '7'],
    [9.96, '10'],
    [999, '999'],
    [999.6, '1.0k'],
    [9_949, '9.9k'],
    [9_951, '10k'],
    [310_400, '310k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [1_234_567, '1.2M'],
    [2.5e9, '2.5G'],
    [4e12, '4.0T'],
  ])('of %d is %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});

describe('shortBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_234_567, '1.2 MB'],
    [25e9, '25 GB'],
  ])('of %d is %s', (value, text) => {
    expect(shortBytes(value)).toBe(text);
  });
});

describe('clock', () => {
  it.each([
    [0, '0:00'],
    [12.4, '0:12'],
    [59.6, '1:00'],
    [3599.7, '1:00:00'],
    [3723, '1:02:03'],
    [172_799, '47:59:59'],
    [187_200, '2d 4h'],
  ])('of %d s is %s', (seconds, text) => {
    expect(clock(seconds)).toBe(text);
  });
});
