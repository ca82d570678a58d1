import { makeTrainingData } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { readAlertRows } from './alert-rows.ts';
import { connectByClusters, readClusterRows } from './cluster-rows.ts';

const [one, two] = ['2025-01-06', '2025-01-13'];
const { alerts, clusters } = makeTrainingData({
  alerts: ['0xA1', '0xb2', '0xc3', '0xd4', '0xa1', '0xe5'].map((address) => ({ address })),
  clusters: [
    { cluster_id: 'x', processing_date: one, addresses_involved: ['0xa1', '0xzz'] },
    { cluster_id: 'y', processing_date: one, addresses_involved: ['0xd4'] },
    { cluster_id: 'x', processing_date: two, addresses_involved: ['0xZZ', '0xb2'] },
  ],
});

describe('readClusterRows', () => {
  it('groups clusters that share an address, on whatever date, and names groups apart', () => {
    const { keys, splitGroups, splitGroupNames, queryIds } = readClusterRows(clusters);
    expect(keys.ids).toEqual(['x', 'y', 'x']);
    expect([...queryIds]).toEqual([0, 0, 1]);
    // 0xzz and 0xZZ are no hex addresses, so they are two: only hex addresses are compared without regard to case.
    expect([...splitGroups]).toEqual([0, 1, 2]);
    expect(splitGroupNames).toEqual([`x@${one}`, 'y', `x@${two}`]);
  });
});

describe('connectByClusters', () => {
  it('joins alerts of addresses that are connected, also through addresses without an alert', () => {
    const rows = readAlertRows(alerts);
    const shared = makeTrainingData({
      clusters: [
        { addresses_involved: ['0xa1', '0x99'] },
        { addresses_involved: ['0x99', '0xB2'] },
        { addresses_involved: ['0xd4'] },
        { addresses_involved: [] },
      ],
    }).clusters;
    const { splitGroups, groups } = connectByClusters(rows, shared);
    expect([...splitGroups]).toEqual([0, 0, 1, 2, 0, 3]);
    expect(groups).toBe(4);
  });

  it('leaves addresses as they are where there are no clusters', () => {
    const rows = readAlertRows(alerts);
    const none = makeTrainingData({ clusters: [] }).clusters;
    expect(connectByClusters(rows, none).splitGroups).toEqual(rows.splitGroups);
  });
});
