import { createRandom, InvalidInputError, type LabelKind, type LabelSet } from '@risk-scoring/contract';
import { makeTrainingData } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { createAddressLabelStrategy } from '../strategies/address.ts';
import { createCombinedLabelStrategy } from '../strategies/combined.ts';
import { createPositiveUnlabelledLabelStrategy } from '../strategies/positive-unlabelled.ts';
import { createProxyLabelStrategy } from '../strategies/proxy.ts';
import { validateLabelSet } from '../validate-label-set.ts';
import { agreementsOf } from './agreement.ts';
import { type CombineMode, type CombinePart, combineLabelSets } from './combine.ts';

/** `1*0.5` is label 1 with weight 0.5, `-` is unlabelled. */
function part(
  text: string,
  {
    name = 's',
    kind = 'true',
    priority = 0,
    weight = 1,
  }: { name?: string; kind?: LabelKind; priority?: number; weight?: number } = {},
): CombinePart {
  const cells = text.split(' ').map((cell) => (cell === '-' ? [-1, 0] : cell.split('*').map(Number)));
  const labelSet: LabelSet = {
    labels: Int8Array.from(cells, ([label]) => label ?? -1),
    weights: Float32Array.from(cells, ([, strength = 1], row) => (cells[row]?.[0] === -1 ? 0 : strength)),
    sources: {
      names: [name],
      kinds: [kind],
      codes: Int32Array.from(cells, ([label]) => (label === -1 ? -1 : 0)),
    },
  };
  return { labelSet, priority, weight };
}

function combined(parts: readonly CombinePart[], mode: CombineMode): string {
  const { labelSet } = combineLabelSets(parts, mode);
  validateLabelSet('combined', labelSet);
  return Array.from(labelSet.labels, (label, row) =>
    label < 0 ? '-' : `${label}*${Number((labelSet.weights[row] ?? 0).toFixed(4))}`,
  ).join(' ');
}

describe('combineLabelSets', () => {
  const first = part('1*0.5 - 0*1 - 1*0.25');
  const second = part('0*0.9 1*0.5 0*0.5 - 0*0.25', { name: 't', kind: 'proxy' });

  it('falls back to the next that labels a row, with its weight', () => {
    expect(combined([first, second], 'fallback')).toBe('1*0.5 1*0.5 0*1 - 1*0.25');
    expect(combined([second, first], 'fallback')).toBe('0*0.9 1*0.5 0*0.5 - 0*0.25');
    const light = { ...second, weight: 0.5 };
    expect(combined([first, light], 'fallback')).toBe('1*0.5 1*0.25 0*1 - 1*0.25');
  });

  it('lets the higher priority decide, and equal ones vote', () => {
    expect(combined([first, { ...second, priority: 1 }], 'priority')).toBe('0*0.9 1*0.5 0*0.5 - 0*0.25');
    expect(combined([{ ...first, priority: 1 }, second], 'priority')).toBe('1*0.5 1*0.5 0*1 - 1*0.25');
    expect(combined([first, second], 'priority')).toBe(combined([first, second], 'vote'));
  });

  it('votes by weight times confidence; the lead stays of the weight, and a tie is no label', () => {
    // 0.9 against 0.5: the lead is 0.4 of 1.4.
    expect(combined([first, second], 'vote')).toBe(`0*${(0.9 * (0.4 / 1.4)).toFixed(4)} 1*0.5 0*1 - -`);
    expect(combined([{ ...first, weight: 2 }, second], 'vote')).toBe(
      `1*${(1 * (0.1 / 1.9)).toFixed(4)} 1*0.5 0*2 - 1*${(0.5 / 3).toFixed(4)}`,
    );
  });

  it('takes weights that are equal but for the rounding of floats for a tie', () => {
    const parts = [part('1*0.1'), part('1*0.2'), part('0*0.3')];
    expect(combined(parts, 'vote')).toBe('-');
  });

  it('does not let a label of weight 0 stand before one that says something', () => {
    expect(combined([part('1*0'), part('0*0.5')], 'fallback')).toBe('0*0.5');
  });

  it('keeps sources and kinds apart, and says how many rows each part decided', () => {
    const { labelSet, decided } = combineLabelSets(
      [first, part('0*0.9 1*0.5 - 1 -', { kind: 'proxy' })],
      'fallback',
    );
    expect(labelSet.sources).toEqual({
      names: ['s', 's'],
      kinds: ['true', 'proxy'],
      codes: Int32Array.of(0, 1, 0, 1, 0),
    });
    expect(decided).toEqual([3, 2]);
  });

  it('does not depend on the order of the parts in a vote', () => {
    const random = createRandom(1, 'votes');
    const parts = Array.from({ length: 4 }, (_, index) =>
      part(
        Array.from({ length: 50 }, () =>
          random.next() < 0.3 ? '-' : `${random.integer(2)}*${random.integer(8) / 8}`,
        ).join(' '),
        { name: `s${index}` },
      ),
    );
    expect(combined(parts.toReversed(), 'vote')).toBe(combined(parts, 'vote'));
  });
});

describe('agreementsOf', () => {
  it('gives Cohen’s kappa: 0.4 for the usual example of 20, 5, 10 and 15', () => {
    // Two readers of 50 proposals: both yes 20, only the first 5, only the second 10, both no 15 (p_o = 0.7, p_e = 0.5).
    const a = Int8Array.from({ length: 52 }, (_, row) => (row < 25 ? 1 : row < 50 ? 0 : -1));
    const b = Int8Array.from({ length: 52 }, (_, row) =>
      row < 20 || (row >= 25 && row < 35) ? 1 : row === 50 ? -1 : 0,
    );
    const [agreement] = agreementsOf([
      { name: 'a', labelSet: { labels: a } },
      { name: 'b', labelSet: { labels: b } },
    ]);
    expect(agreement).toMatchObject({ strategies: ['a', 'b'], rows: 50, equal: 35 });
    expect(agreement?.kappa).toBeCloseTo(0.4, 12);
  });

  it('has no kappa where nothing is in common', () => {
    const sets = [Int8Array.of(1, -1), Int8Array.of(-1, 0)].map((labels, index) => ({
      name: `${index}`,
      labelSet: { labels },
    }));
    expect(agreementsOf(sets)).toEqual([{ strategies: ['0', '1'], rows: 0, equal: 0, kappa: null }]);
  });
});

describe('createCombinedLabelStrategy', () => {
  const data = makeTrainingData({
    alerts: [
      { address: '0xa', severity: 'low', alert_confidence_score: 0.5 },
      { address: '0xb', severity: 'high', alert_confidence_score: 0.9 },
    ],
    addressLabels: [{ address: '0xa', risk_level: 'high', confidence_score: 0.5, source: 'sot' }],
  });
  const strategies = [
    { strategy: createAddressLabelStrategy() },
    { strategy: createProxyLabelStrategy(), weight: 0.5 },
  ];

  it('says what each strategy did and how far they agree', async () => {
    const strategy = createCombinedLabelStrategy({ mode: 'fallback', strategies });
    const labelSet = await strategy.deriveLabels(data.alerts, data, { seed: 1 });
    expect(Array.from(labelSet.labels)).toEqual([1, 1]);
    expect(Array.from(labelSet.weights)).toEqual([0.5, 0.5]);
    expect(labelSet.sources).toMatchObject({ names: ['sot', 'proxy'], kinds: ['true', 'proxy'] });
    expect(labelSet.report).toMatchObject({
      strategies: [
        { name: 'address', labelled: 1, decided: 1 },
        { name: 'proxy', labelled: 2, decided: 1 },
      ],
      agreement: [{ strategies: ['address', 'proxy'], rows: 1, equal: 0 }],
    });
  });

  it('reads what its strategies read, and is defined by what they are', () => {
    const strategy = createCombinedLabelStrategy({ mode: 'vote', strategies });
    expect(strategy.requires).toEqual(['alerts', 'addressLabels']);
    expect(strategy.columns?.alerts).toEqual([
      'processing_date',
      'address',
      'severity',
      'alert_confidence_score',
    ]);
    expect(strategy.definedBy).toEqual(createProxyLabelStrategy().definedBy);
    const keeping = createCombinedLabelStrategy({ mode: 'vote', strategies, keepDefiningFeatures: true });
    expect(keeping.definedBy).toBeUndefined();
  });

  it('refuses a strategy that needs models', () => {
    const pu = createPositiveUnlabelledLabelStrategy(createAddressLabelStrategy());
    expect(() =>
      createCombinedLabelStrategy({ mode: 'vote', strategies: [{ strategy: pu }, ...strategies] }),
    ).toThrow(InvalidInputError);
  });
});
