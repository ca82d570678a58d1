import { createRandom } from '@risk-scoring/contract';
import { makeTrainingData } from '@risk-scoring/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelClusters } from './label-clusters.ts';

interface SaidAlert {
  readonly address: string;
  readonly day: string;
  readonly label: number;
  readonly weight: number;
}

/** Clusters, and alerts with labels of their own. */
function world(
  clusters: readonly { day: string; members: readonly string[] }[],
  alerts: readonly SaidAlert[],
) {
  const data = makeTrainingData({
    alerts: alerts.map(({ address, day }) => ({ address, processing_date: day })),
    clusters: clusters.map(({ day, members }, index) => ({
      cluster_id: `c${index}`,
      processing_date: day,
      addresses_involved: [...members],
    })),
  });
  const labels = Int8Array.from(alerts, ({ label }) => label);
  return {
    ...data,
    labelSet: {
      labels,
      weights: Float32Array.from(alerts, ({ label, weight }) => (label < 0 ? 0 : weight)),
      sources: { names: ['said'], codes: Int32Array.from(labels, (label) => (label < 0 ? -1 : 0)) },
    },
  };
}

const [one, two] = ['2025-01-06', '2025-01-13'];

describe('labelClusters', () => {
  it('makes a cluster suspicious by one member, with the weight of those that decide', () => {
    const { clusters, alerts, labelSet } = world(
      [{ day: one, members: ['0xA1', '0xb2', '0xc3'] }],
      [
        { address: '0xa1', day: one, label: 1, weight: 0.5 },
        { address: '0xb2', day: one, label: 0, weight: 0.75 },
      ],
    );
    const said = labelClusters(clusters, alerts, labelSet);
    expect([...said.labels]).toEqual([1]);
    expect([...said.weights]).toEqual([0.5]);
    expect(said.sources).toEqual({ names: ['members'], kinds: ['true'], codes: Int32Array.of(0) });
    expect(said.report).toMatchObject({ clusters: 1, without_labelled_member: 0, mixed: 1 });
    const mostly = labelClusters(clusters, alerts, labelSet, { positiveShare: 0.6 });
    expect([...mostly.labels]).toEqual([0]);
    expect([...mostly.weights]).toEqual([0.625]);
  });

  it('looks at the labels of its own date alone', () => {
    const { clusters, alerts, labelSet } = world(
      [
        { day: one, members: ['0xa1'] },
        { day: two, members: ['0xa1'] },
      ],
      [{ address: '0xa1', day: two, label: 1, weight: 1 }],
    );
    expect([...labelClusters(clusters, alerts, labelSet).labels]).toEqual([-1, 1]);
  });

  it('says what the labels rest on: the weakest of the members’', () => {
    const { clusters, alerts, labelSet } = world(
      [{ day: one, members: ['0xa1'] }],
      [{ address: '0xa1', day: one, label: 1, weight: 1 }],
    );
    const sources = { ...labelSet.sources, kinds: ['proxy'] as const };
    expect(labelClusters(clusters, alerts, { ...labelSet, sources }).sources.kinds).toEqual(['proxy']);
  });

  it('agrees with counting members one by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom(undefined, 0.25, 0.5, 1),
        (seed, share) => {
          const random = createRandom(seed, 'clusters');
          const address = () => `0x${random.integer(8)}`;
          const day = () => (random.integer(2) === 0 ? one : two);
          const clusters = Array.from({ length: 6 }, () => ({
            day: day(),
            members: Array.from({ length: random.integer(5) }, address),
          }));
          const alerts = Array.from({ length: 12 }, () => ({
            address: address(),
            day: day(),
            label: random.integer(3) - 1,
            weight: (1 + random.integer(4)) / 4,
          }));
          const data = world(clusters, alerts);
          const options = share === undefined ? {} : { positiveShare: share };
          const said = labelClusters(data.clusters, data.alerts, data.labelSet, options);
          expect([...said.labels]).toEqual(clusters.map((cluster) => countOne(cluster, alerts, share)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses shares that cannot be meant', () => {
    const { clusters, alerts, labelSet } = world([], []);
    for (const positiveShare of [0, 1.1, Number.NaN])
      expect(() => labelClusters(clusters, alerts, labelSet, { positiveShare })).toThrow(/such as 0\.5/);
  });
});

/** The label of a cluster by the definition. */
function countOne(
  { day, members }: { day: string; members: readonly string[] },
  alerts: readonly SaidAlert[],
  share = 0,
): number {
  const labels = [...new Set(members)].flatMap((member) => {
    const own = alerts.filter((alert) => alert.address === member && alert.day === day && alert.label >= 0);
    return own.length === 0 ? [] : [own.some(({ label }) => label === 1)];
  });
  if (labels.length === 0) return -1;
  const suspicious = labels.filter(Boolean).length;
  return suspicious > 0 && suspicious >= share * labels.length ? 1 : 0;
}
