import { describe, expect, it } from 'vitest';
import { readPsi } from './drift-reading.ts';

describe('readPsi', () => {
  it('reads an index by custom: 0.1 and 0.25 (Siddiqi 2006)', () => {
    expect([0.09, 0.1, 0.24, 0.25].map((psi) => readPsi({ psi }))).toEqual([
      ...['stable', 'some shift', 'some shift', 'shifted'],
    ]);
  });

  it('takes for no shift what chance explains, or what is usual', () => {
    expect(readPsi({ psi: 0.4, psi_by_chance: 0.41, psi_in_training: 0.5 })).toBe('within chance');
    expect(readPsi({ psi: 0.4, psi_by_chance: 0.1, psi_in_training: 0.41 })).toBe('usual');
    expect(readPsi({ psi: 0.4, psi_by_chance: 0.1, psi_in_training: 0.3 })).toBe('shifted');
    expect(readPsi({ psi: 0.4, psi_by_chance: 0.1, psi_in_training: null })).toBe('shifted');
  });
});
