import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  it('takes the first of the nearest', () => {
    expect(nearestName('cot', ['dog', 'cat', 'cut'])).toBe('cat');
  });
});
