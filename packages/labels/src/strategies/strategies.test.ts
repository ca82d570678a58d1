import { InvalidInputError, type LabelStrategy, type TrainingData } from '@risk-scoring/contract';
import { describeLabelStrategy, makeTrainingData } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { LABEL_STRATEGIES } from '../definitions.ts';
import { InvalidAlertColumnError } from '../invalid-alert-column-error.ts';
import { UnknownLabelSetError } from '../rows/unknown-label-set-error.ts';
import { percentileOf } from '../rules/percentile.ts';
import { createAddressLabelStrategy } from './address.ts';
import { createAlertLabelStrategy } from './alert.ts';
import { createAnomalyLabelStrategy } from './anomaly.ts';
import { createCombinedLabelStrategy } from './combined.ts';
import { createHeuristicLabelStrategy, type LabelRule } from './heuristic.ts';
import { createPositiveUnlabelledLabelStrategy } from './positive-unlabelled.ts';
import { createProxyLabelStrategy } from './proxy.ts';
import { createSemiSupervisedLabelStrategy } from './semi-supervised.ts';

const labelsOf = async (strategy: LabelStrategy, data: TrainingData) => {
  const labelSet = await strategy.deriveLabels(data.alerts, data, { seed: 1 });
  strategy.validateLabels(labelSet);
  return labelSet;
};

describeLabelStrategy('the proxy strategy', () => createProxyLabelStrategy());
describeLabelStrategy('the alert strategy', () => createAlertLabelStrategy());
describeLabelStrategy('the anomaly strategy', () =>
  createAnomalyLabelStrategy({ positive_at_least: 0.4, negative_at_most: 0.2 }),
);
describeLabelStrategy('the combined strategy', () =>
  createCombinedLabelStrategy({
    mode: 'vote',
    strategies: [
      { strategy: createAddressLabelStrategy() },
      { strategy: createProxyLabelStrategy(), weight: 0.3 },
    ],
  }),
);
describeLabelStrategy('the heuristic strategy', () =>
  createHeuristicLabelStrategy({
    base: createAddressLabelStrategy(),
    rules: [
      { name: 'mixer', label: 1, weight: 0.4, when: { column: 'features.is_mixer_like', equals: true } },
    ],
  }),
);
describeLabelStrategy('the semi-supervised strategy', () =>
  createSemiSupervisedLabelStrategy(createAddressLabelStrategy()),
);
describeLabelStrategy('the PU strategy', () =>
  createPositiveUnlabelledLabelStrategy(createAddressLabelStrategy()),
);

describe('settings', () => {
  it('have a default for every key of every strategy, but those that rules and files are', () => {
    for (const { name, settings } of LABEL_STRATEGIES) {
      const given = {
        heuristic: { rules: [{ name: 'r', label: 1, when: { column: 'alerts.volume_usd', above: 1 } }] },
        custom: { file: 'x.csv' },
      }[name];
      expect(settings.safeParse(given ?? {}).success, name).toBe(true);
      expect(settings.safeParse({ ...given, no_such_key: 1 }).success, name).toBe(false);
    }
  });

  it.each<[string, () => LabelStrategy]>([
    ['a level that is both', () => createAddressLabelStrategy({ positive_risk_levels: ['high', 'low'] })],
    [
      'a level that is none',
      () => createAddressLabelStrategy({ positive_risk_levels: ['severe' as 'high'] }),
    ],
    ['priorities without the policy', () => createAddressLabelStrategy({ source_priority: ['sot'] })],
    [
      'the policy without priorities',
      () => createAddressLabelStrategy({ conflict_policy: 'source-priority' }),
    ],
    ['a confidence above 1', () => createProxyLabelStrategy({ positive_min_confidence: 1.5 })],
    ['a weight of 0', () => createProxyLabelStrategy({ weight: 0 })],
    ['thresholds the wrong way round', () => createAnomalyLabelStrategy({ positive_at_least: 0.2 })],
    [
      'rounds without end',
      () => createSemiSupervisedLabelStrategy(createAddressLabelStrategy(), { rounds: 1000 }),
    ],
  ])('refuse %s', (_, create) => {
    expect(create).toThrow(ZodError);
  });
});

describe('the address strategy', () => {
  const rows = [
    { address: 'a', risk_level: 'medium', confidence_score: 0.9, source: 'sot' },
    { address: 'a', risk_level: 'critical', confidence_score: 0.4, source: 'mine' },
    { address: 'b', risk_level: 'high', confidence_score: 0.4, source: 'sot' },
  ];
  const data = makeTrainingData({
    alerts: ['a', 'b', 'c'].map((address) => ({ address })),
    addressLabels: rows,
  });

  it('takes other risk levels, weights without confidence and priorities', async () => {
    const plain = await labelsOf(createAddressLabelStrategy({ use_confidence: false }), data);
    expect([plain.labels, plain.weights]).toEqual([Int8Array.of(0, 1, -1), Float32Array.of(1, 1, 0)]);
    const narrow = await labelsOf(createAddressLabelStrategy({ negative_risk_levels: ['low'] }), data);
    expect(narrow.labels).toEqual(Int8Array.of(-1, 1, -1));
    const mine = await labelsOf(
      createAddressLabelStrategy({ conflict_policy: 'source-priority', source_priority: ['mine'] }),
      data,
    );
    expect(mine.labels).toEqual(Int8Array.of(1, 1, -1));
    const dropped = await labelsOf(createAddressLabelStrategy({ conflict_policy: 'drop' }), data);
    expect(dropped.labels).toEqual(Int8Array.of(-1, 1, -1));
    expect(dropped.report).toMatchObject({
      rows: 3,
      addresses: 2,
      several_sources: 1,
      conflicting: 1,
      dropped: 1,
      alerted: 1,
    });
  });

  it('refuses a data set that was never imported', async () => {
    const strategy = createAddressLabelStrategy({ data_sets: ['community@2'] });
    await expect(labelsOf(strategy, data)).rejects.toThrow(UnknownLabelSetError);
  });
});

describe('the proxy strategy', () => {
  it('keeps the rule at its edges: suspicious wins, then normal, then nothing', async () => {
    const cases: [severity: string, confidence: number, label: number][] = [
      ['high', 0.7, 1],
      ['CRITICAL', 0.95, 1],
      ['high', 0.69, -1],
      ['high', 0.3, -1],
      ['high', 0.29, 0],
      ['critical', 0, 0],
      ['low', 0.99, 0],
      ['medium', 0.5, 0],
    ];
    const data = makeTrainingData({
      alerts: cases.map(([severity, confidence]) => ({
        address: 'a',
        severity,
        alert_confidence_score: confidence,
      })),
    });
    const { labels, sources } = await labelsOf(createProxyLabelStrategy(), data);
    expect(Array.from(labels)).toEqual(cases.map(([, , label]) => label));
    expect(sources.kinds).toEqual(['proxy']);
    // What matches both is suspicious.
    const wide = createProxyLabelStrategy({
      positive_severities: ['low', 'high'],
      positive_min_confidence: 0.9,
    });
    expect((await labelsOf(wide, data)).labels[6]).toBe(1);
  });

  it('refuses severities that are none, listing them', async () => {
    const data = makeTrainingData({
      alerts: [
        { address: 'a', severity: 'severe' },
        { address: 'b', severity: '' },
      ],
    });
    await expect(labelsOf(createProxyLabelStrategy(), data)).rejects.toThrow(InvalidAlertColumnError);
    await expect(labelsOf(createProxyLabelStrategy(), data)).rejects.toThrow(/'severe', ''/);
  });
});

describe('the alert strategy', () => {
  const data = makeTrainingData({
    alerts: [
      { address: 'a', label: 1, label_source: 4, label_confidence: 0.9 },
      { address: 'b', label: 0, label_source: 1, label_confidence: 0.5 },
      { address: 'c', label: 1, label_source: 2 },
      { address: 'd', label: 0 },
      { address: 'e' },
      { address: 'f', label: 1, label_source: 3, label_confidence: 0 },
    ],
  });

  it('takes labels, sources and confidences as they stand', async () => {
    const { labels, weights, sources } = await labelsOf(createAlertLabelStrategy(), data);
    expect(Array.from(labels)).toEqual([1, 0, 1, 0, -1, -1]);
    expect(Array.from(weights)).toEqual([0.9, 0.5, 1, 1, 0, 0].map(Math.fround));
    const names = Array.from(sources.codes, (code) => sources.names[code]);
    expect(names).toEqual(['validated', 'proxy', 'miner', 'unknown', undefined, undefined]);
    expect(Array.from(sources.codes, (code) => sources.kinds?.[code])).toEqual([
      'true',
      'proxy',
      'true',
      'true',
      undefined,
      undefined,
    ]);
  });

  it('leaves out other sources and low confidences', async () => {
    const validated = await labelsOf(createAlertLabelStrategy({ label_sources: ['validated'] }), data);
    expect(Array.from(validated.labels)).toEqual([1, -1, -1, 0, -1, -1]);
    const sure = await labelsOf(
      createAlertLabelStrategy({ min_confidence: 0.9, use_confidence: false }),
      data,
    );
    expect([Array.from(sure.labels), sure.weights[0]]).toEqual([[1, -1, 1, 0, -1, -1], 1]);
  });

  it('refuses labels and confidences that are none', async () => {
    const odd = makeTrainingData({ alerts: [{ address: 'a', label: 3, label_source: 4 }] });
    await expect(labelsOf(createAlertLabelStrategy(), odd)).rejects.toThrow(/1 rows with 3/);
    const wrong = makeTrainingData({ alerts: [{ address: 'a', label: 1, label_confidence: 1.5 }] });
    await expect(labelsOf(createAlertLabelStrategy(), wrong)).rejects.toThrow(/label_confidence/);
  });
});

describe('the anomaly strategy', () => {
  it('takes the mean or the highest of the scores of the address on the day', async () => {
    const days = ['2020-01-01', '2020-01-02'];
    const data = makeTrainingData({
      alerts: [
        ...days.map((processing_date) => ({ address: '0xA', processing_date })),
        { address: '0xb', processing_date: days[0] ?? '' },
      ],
      features: [
        {
          address: '0xa',
          processing_date: days[0] ?? '',
          behavioral_anomaly_score: 0.9,
          graph_anomaly_score: 0.1,
        },
        {
          address: '0xa',
          processing_date: days[1] ?? '',
          behavioral_anomaly_score: 0.2,
          graph_anomaly_score: 0.1,
        },
      ],
    });
    const columns = ['behavioral_anomaly_score', 'graph_anomaly_score'];
    const mean = await labelsOf(createAnomalyLabelStrategy({ columns }), data);
    expect(Array.from(mean.labels)).toEqual([-1, 0, -1]);
    const most = await labelsOf(createAnomalyLabelStrategy({ columns, combine: 'max' }), data);
    expect(Array.from(most.labels)).toEqual([1, 0, -1]);
    expect(createAnomalyLabelStrategy({ columns }).definedBy).toEqual({ features: columns });
  });
});

describe('the heuristic strategy', () => {
  const days = ['2020-01-01', '2020-01-02'];
  const data = makeTrainingData({
    // Volumes 0 to 10 on each day, a thousand times as much on the second.
    alerts: days.flatMap((processing_date, day) =>
      Array.from({ length: 11 }, (_, index) => ({
        address: `0x${index}`,
        processing_date,
        volume_usd: index * 1000 ** day,
        typology_type: index % 2 ? 'fan_in' : 'fan_out',
      })),
    ),
    features: days.flatMap((processing_date) =>
      Array.from({ length: 9 }, (_, index) => ({
        address: `0x${index}`,
        processing_date,
        is_new_address: index >= 5,
        pagerank: index / 10,
      })),
    ),
    addressLabels: [{ address: '0x8', risk_level: 'low', confidence_score: 1, source: 'sot' }],
  });
  const derive = async (
    when: LabelRule['when'],
    more: Partial<Parameters<typeof createHeuristicLabelStrategy>[0]> = {},
  ) => {
    const strategy = createHeuristicLabelStrategy({
      rules: [{ name: 'r', label: 1, weight: 0.5, when }],
      ...more,
    });
    return Array.from((await labelsOf(strategy, data)).labels)
      .map((label) => (label < 0 ? '-' : label))
      .join('');
  };

  it('takes percentiles of the alert’s own snapshot', async () => {
    // The 90th percentile of 0…10 is 9, of both days.
    expect(await derive({ column: 'alerts.volume_usd', above_percentile: 90 })).toBe(
      `${'-'.repeat(10)}1`.repeat(2),
    );
    expect(await derive({ column: 'alerts.volume_usd', below_percentile: 10 })).toBe(
      `1${'-'.repeat(10)}`.repeat(2),
    );
  });

  it.each<[string, LabelRule['when'], string]>([
    ['numbers', { column: 'features.pagerank', at_least: 0.3, below: 0.5 }, '---11------'],
    ['flags', { column: 'features.is_new_address', equals: true }, '-----1111--'],
    ['texts', { column: 'alerts.typology_type', equals: 'fan_in' }, '-1-1-1-1-1-'],
    ['lists', { column: 'alerts.typology_type', in: ['fan_out', 'x'] }, '1-1-1-1-1-1'],
    [
      'all of several',
      {
        all: [
          { column: 'features.is_new_address', equals: true },
          { column: 'alerts.typology_type', equals: 'fan_in' },
        ],
      },
      '-----1-1---',
    ],
    [
      'any of several',
      {
        any: [
          { column: 'features.pagerank', below: 0.15 },
          { column: 'features.pagerank', above: 0.75 },
        ],
      },
      '11------1--',
    ],
    // Nothing is known of the addresses without a feature row, so `not` says nothing of them either.
    ['not', { not: { column: 'features.is_new_address', equals: true } }, '11111------'],
  ])('compares %s', async (_, when, expected) => {
    expect(await derive(when)).toBe(expected.repeat(2));
  });

  it('labels only where the base has no label, and says how often each rule applied', async () => {
    const base = createAddressLabelStrategy();
    expect(await derive({ column: 'features.is_new_address', equals: true }, { base })).toBe(
      '-----1110--'.repeat(2),
    );
    const strategy = createHeuristicLabelStrategy({
      rules: [
        { name: 'first', label: 0, weight: 0.5, when: { column: 'features.pagerank', below: 0.2 } },
        { name: 'second', label: 1, weight: 0.5, when: { column: 'features.pagerank', below: 0.4 } },
      ],
    });
    const labelSet = await labelsOf(strategy, data);
    expect(Array.from(labelSet.labels.subarray(0, 5))).toEqual([0, 0, 1, 1, -1]);
    expect(labelSet.report).toEqual({ rules: { first: 4, second: 4 } });
    expect(labelSet.sources.kinds).toEqual(['heuristic', 'heuristic']);
  });

  it('keeps features that the rules read where there is a base, and not where there is none', () => {
    const rules: LabelRule[] = [
      { name: 'r', label: 1, weight: 1, when: { column: 'features.pagerank', above: 1 } },
    ];
    expect(createHeuristicLabelStrategy({ rules }).definedBy).toEqual({ features: ['pagerank'] });
    expect(
      createHeuristicLabelStrategy({ rules, base: createAddressLabelStrategy() }).definedBy,
    ).toBeUndefined();
  });

  it.each<[string, LabelRule['when']]>([
    ['a column that is not there', { column: 'features.page_rank', above: 1 }],
    ['a text that is compared with a number', { column: 'alerts.typology_type', above: 1 }],
    ['a number that is compared with a text', { column: 'alerts.volume_usd', equals: 'much' }],
    ['a list', { column: 'features.hourly_activity', above: 1 }],
  ])('refuses %s', async (_, when) => {
    await expect(derive(when)).rejects.toThrow(InvalidInputError);
  });
});

describe('percentileOf', () => {
  it('interpolates as NumPy does by default', () => {
    // numpy.percentile([15, 20, 35, 40, 50], 40) == 29.0, the example of Hyndman & Fan's definition 7.
    expect(percentileOf(Float64Array.of(15, 20, 35, 40, 50), 40)).toBeCloseTo(29, 12);
    expect([0, 50, 100].map((p) => percentileOf(Float64Array.of(1, 2, 4), p))).toEqual([1, 2, 4]);
    expect(percentileOf(new Float64Array(), 50)).toBeNaN();
  });
});
