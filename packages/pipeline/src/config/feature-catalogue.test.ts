import { InvalidInputError } from '@risk-scoring/contract';
import { ALL_GROUPS, DEFAULT_GROUPS } from '@risk-scoring/features';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CatalogueGroup, featureCatalogue, findFeature, findGroup } from './feature-catalogue.ts';
import type { FeatureConfig } from './feature-groups.ts';

const config = (groups: readonly string[]): FeatureConfig => ({
  folder: '/',
  features: { groups, evidenceKeys: [], otherNetworks: [] },
});

describe('featureCatalogue', () => {
  let catalogue: CatalogueGroup[];
  beforeAll(async () => {
    catalogue = await featureCatalogue(config(['...']));
  });

  it('has every group once, those that are used first', () => {
    expect(catalogue.map(({ name }) => name).sort()).toEqual(ALL_GROUPS.map(({ name }) => name).sort());
    const used = catalogue.filter((group) => group.used);
    expect(catalogue.slice(0, used.length)).toEqual(used);
    expect(used.map(({ name }) => name)).toEqual(DEFAULT_GROUPS.map(({ name }) => name));
    expect(used.every((group) => group.default)).toBe(true);
  });

  it('keeps the order of the configuration', async () => {
    const chosen = await featureCatalogue(config(['recurrence', 'address', 'alert']));
    expect(chosen.slice(0, 3).map(({ name }) => name)).toEqual(['recurrence', 'address', 'alert']);
    expect(chosen.filter((group) => group.used)).toHaveLength(3);
    expect(chosen).toHaveLength(catalogue.length);
  });

  it('knows what each group reads: every relation that its SQL mentions', () => {
    const relations = ['alerts', 'features', 'clusters', 'money_flows'];
    const all = [
      ...relations,
      ...relations.map((name) => `earlier_${name}`),
      'labelled_flows',
      'labelled_peers',
    ];
    for (const group of ALL_GROUPS) {
      const mentioned = all.filter((name) => new RegExp(`\\b${name}\\b`).test(group.sql)).sort();
      expect(findGroup(catalogue, group.name).reads, group.name).toEqual(mentioned);
    }
  });
});

describe('findFeature', () => {
  it('finds columns and groups', async () => {
    const catalogue = await featureCatalogue(config(['...']));
    expect(findFeature(catalogue, 'alert').groups.map(({ name }) => name)).toEqual(['alert']);
    const [found] = findFeature(catalogue, 'alert_volume_usd').columns;
    expect(found).toMatchObject({ column: { unit: 'USD', group: 'alert' }, group: { name: 'alert' } });
  });

  it.each([
    ['pagerankk', 'pagerank'],
    ['PageRank', 'pagerank'],
    ['adress', 'address'],
    ['in_concentration', 'flow_in_concentration'],
  ])('names the nearest of %s', async (name, nearest) => {
    const catalogue = await featureCatalogue(config(['...']));
    expect(() => findFeature(catalogue, name)).toThrow(InvalidInputError);
    expect(() => findFeature(catalogue, name)).toThrow(nearest);
  });

  it('names none where none is near', async () => {
    const catalogue = await featureCatalogue(config(['...']));
    expect(() => findFeature(catalogue, 'zzzzzzzzzzz')).toThrow('Expected: a known name.');
    expect(() => findGroup(catalogue, 'zzzzzzzzzzz')).toThrow(/alert.*label-neighbourhood/);
  });
});
