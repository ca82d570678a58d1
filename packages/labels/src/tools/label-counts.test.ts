import type { LabelSet } from '@risk-scoring/contract';
import { DateDay, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { countLabels } from './label-counts.ts';

const alerts = new Table({
  processing_date: vectorFromArray(
    [20_000, 20_000, 20_000, 20_007, 20_007].map((day) => new Date(day * 86_400_000)),
    new DateDay(),
  ),
  typology_type: vectorFromArray(['fan_in', 'structuring', 'fan_in', 'fan_in', 'circular'], new Utf8()),
});
const places = Int32Array.of(0, 1, 2, 0, 3);
const labelSet: LabelSet = {
  labels: Int8Array.of(1, 0, -1, 0, -1),
  weights: Float32Array.of(1, 0.3, 0, 0.7, 0),
  sources: {
    names: ['z', 'a', 'idle'],
    kinds: ['true', 'proxy', 'true'],
    codes: Int32Array.of(0, 1, -1, 0, -1),
  },
};

describe('countLabels', () => {
  const counts = countLabels(alerts, labelSet, { places, size: 5 });

  it('counts alerts and addresses by class', () => {
    expect(counts.alerts).toEqual({ alerts: 5, labelled: 3, suspicious: 1, normal: 2 });
    // The first address has a label of each class.
    expect(counts.addresses).toEqual({ addresses: 4, labelled: 2, suspicious: 1, normal: 2 });
    expect(counts.suspicious_share).toEqual({ alerts: 1 / 3, addresses: 1 / 2 });
  });

  it('counts by snapshot, typology, source and kind', () => {
    expect(counts.snapshots).toEqual({
      '2024-10-04': { alerts: 3, labelled: 2, suspicious: 1, normal: 1 },
      '2024-10-11': { alerts: 2, labelled: 1, suspicious: 0, normal: 1 },
    });
    expect(Object.entries(counts.typologies)).toEqual([
      ['circular', { alerts: 1, labelled: 0, suspicious: 0, normal: 0 }],
      ['fan_in', { alerts: 3, labelled: 2, suspicious: 1, normal: 1 }],
      ['structuring', { alerts: 1, labelled: 1, suspicious: 0, normal: 1 }],
    ]);
    expect(Object.entries(counts.sources)).toEqual([
      ['a', { kind: 'proxy', labelled: 1, suspicious: 0, normal: 1 }],
      ['z', { kind: 'true', labelled: 2, suspicious: 1, normal: 1 }],
    ]);
    expect(counts.kinds).toEqual({ true: 2, proxy: 1 });
  });

  it('counts weights in ten steps, whatever float32 makes of their borders', () => {
    expect(counts.weights).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 1]);
  });

  it('has no share where nothing is labelled', () => {
    const none = {
      ...labelSet,
      labels: new Int8Array(5).fill(-1),
      sources: { ...labelSet.sources, codes: new Int32Array(5).fill(-1) },
    };
    const { suspicious_share: share, sources } = countLabels(alerts, none, { places, size: 4 });
    expect(share).toEqual({ alerts: null, addresses: null });
    expect(sources).toEqual({});
  });
});
