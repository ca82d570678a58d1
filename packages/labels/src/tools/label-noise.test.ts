import { createRandom } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suspectedNoise } from './label-noise.ts';

const nameOf = (place: number) => `address ${place}`;
const oneSource = (labels: Int8Array) => ({
  names: ['s'],
  codes: Int32Array.from(labels, (label) => (label < 0 ? -1 : 0)),
});

describe('suspectedNoise', () => {
  it('compares the probability of the other class with its threshold and with that of the own', () => {
    // t_1 = (0.9 + 0.1) / 2 = 0.5 and t_0 = (0.8 + 0.45 + 0.3) / 3 = 0.5166…
    const labels = Int8Array.of(1, 1, 0, 0, 0, -1);
    const scores = Float64Array.of(0.9, 0.1, 0.2, 0.55, 0.7, 0.99);
    const places = Int32Array.from(labels.keys());
    const sources = { names: ['x', 'y'], codes: Int32Array.of(0, 1, 0, 0, 1, -1) };
    const found = suspectedNoise({ labels, sources }, scores, { places, size: 6, nameOf });
    expect(found?.addresses).toBe(5);
    expect(found?.thresholds.suspicious).toBeCloseTo(0.5, 12);
    expect(found?.thresholds.normal).toBeCloseTo(1.55 / 3, 12);
    expect(found?.suspected).toEqual({ normal: 2, suspicious: 1 });
    expect(found?.share).toBeCloseTo(3 / 5, 12);
    expect(found?.first.map(({ address, label, source }) => [address, label, source])).toEqual([
      ['address 1', 1, 'y'],
      ['address 4', 0, 'y'],
      ['address 3', 0, 'x'],
    ]);
    expect(found?.first[0]?.margin).toBeCloseTo(0.8, 12);
    expect(found?.first[0]?.probability).toBeCloseTo(0.1, 12);
  });

  it('takes the mean over the alerts of an address, and leaves out alerts without a score', () => {
    const labels = Int8Array.of(1, 1, 1, 0);
    const scores = Float64Array.of(0.2, 0.4, Number.NaN, 0.1);
    const found = suspectedNoise({ labels, sources: oneSource(labels) }, scores, {
      places: Int32Array.of(0, 0, 0, 1),
      size: 2,
      nameOf,
    });
    expect(found?.addresses).toBe(2);
    expect(found?.thresholds.suspicious).toBeCloseTo(0.3, 12);
  });

  it('is a plain reading of its definition', () => {
    const unit = fc.record({
      label: fc.constantFrom(0, 1),
      p: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
    });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 25 }), (units) => {
        const labels = Int8Array.from(units, ({ label }) => label);
        const scores = Float64Array.from(units, ({ p }) => p);
        const places = Int32Array.from(units.keys());
        const found = suspectedNoise({ labels, sources: oneSource(labels) }, scores, {
          places,
          size: units.length,
          nameOf,
          named: 99,
        });
        const of = (label: number) => units.filter((each) => each.label === label);
        if (of(0).length === 0 || of(1).length === 0) {
          expect(found).toBeUndefined();
          return;
        }
        const t1 = of(1).reduce((sum, { p }) => sum + p, 0) / of(1).length;
        const t0 = of(0).reduce((sum, { p }) => sum + (1 - p), 0) / of(0).length;
        const expected = units.flatMap(({ label, p }, at) =>
          (label === 0 ? p >= t1 && p > 1 - p : 1 - p >= t0 && 1 - p > p) ? [nameOf(at)] : [],
        );
        expect(found?.first.map(({ address }) => address).sort()).toEqual(expected.sort());
        const margins = found?.first.map(({ margin }) => margin) ?? [];
        expect(margins).toEqual([...margins].sort((a, b) => b - a));
      }),
    );
  });

  it('finds labels that were turned round on purpose, and few others', () => {
    const random = createRandom(5, 'noise');
    const truth = Array.from({ length: 2000 }, () => (random.next() < 0.3 ? 1 : 0));
    const turned = truth.map(() => random.next() < 0.05);
    const labels = Int8Array.from(truth, (label, at) => (turned[at] ? 1 - label : label));
    const scores = Float64Array.from(
      truth,
      (label) => 1 / (1 + Math.exp(-(label * 8 - 4 + random.normal()))),
    );
    const places = Int32Array.from(labels.keys());
    const found = suspectedNoise({ labels, sources: oneSource(labels) }, scores, {
      places,
      size: 2000,
      nameOf,
      named: 2000,
    });
    const names = new Set(found?.first.map(({ address }) => address));
    const caught = turned.filter((is, at) => is && names.has(nameOf(at))).length;
    expect(caught / turned.filter(Boolean).length).toBeGreaterThan(0.8);
    expect(caught / names.size).toBeGreaterThan(0.9);
  });

  it('names twenty when nobody says', () => {
    const labels = Int8Array.from({ length: 60 }, (_, at) => (at < 30 ? 1 : 0));
    const scores = Float64Array.from(labels, (label, at) => (at % 30 < 25 ? 1 - label : label));
    const found = suspectedNoise({ labels, sources: oneSource(labels) }, scores, {
      places: Int32Array.from(labels.keys()),
      size: 60,
      nameOf,
    });
    expect(found?.first).toHaveLength(20);
    expect((found?.suspected.normal ?? 0) + (found?.suspected.suspicious ?? 0)).toBe(50);
  });
});
