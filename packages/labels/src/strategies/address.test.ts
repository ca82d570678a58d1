import {
  addressKey,
  CancelledError,
  createRandom,
  InvalidLabelSetError,
  type TrainingData,
} from '@risk-scoring/contract';
import { describeLabelStrategy } from '@risk-scoring/testkit';
import { DateDay, Dictionary, Float32, Int32, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { InvalidAddressLabelsError } from '../errors.ts';
import { createAddressLabelStrategy } from './address.ts';

interface Row {
  readonly address: string;
  readonly level?: string;
  readonly confidence?: number;
  readonly day?: number;
  readonly source?: string;
}

function labelTable(
  rows: readonly Row[],
  text: () => Utf8 | Dictionary<Utf8, Int32> = () => new Utf8(),
): Table {
  const column = (values: string[]) => vectorFromArray(values, text());
  return new Table({
    address: column(rows.map((row) => row.address)),
    risk_level: column(rows.map((row) => row.level ?? 'high')),
    source: column(rows.map((row) => row.source ?? 'flag')),
    confidence_score: vectorFromArray(
      rows.map((row) => row.confidence ?? 0.5),
      new Float32(),
    ),
    processing_date: vectorFromArray(
      rows.map((row) => new Date((row.day ?? 20000) * 86_400_000)),
      new DateDay(),
    ),
  });
}

function alertTable(addresses: readonly string[]): Table {
  return new Table({ address: vectorFromArray([...addresses], new Utf8()) });
}

const empty = alertTable([]);

function derive(addresses: readonly string[], labels: Table) {
  const alerts = alertTable(addresses);
  const data: TrainingData = {
    period: { network: 'simnet', startDate: '2025-01-01', endDate: '2025-01-31', windowDays: 30 },
    alerts,
    features: empty,
    clusters: empty,
    moneyFlows: empty,
    addressLabels: labels,
  };
  return createAddressLabelStrategy().deriveLabels(alerts, data, { seed: 1 });
}

describe('createAddressLabelStrategy', () => {
  it('reads risk levels in any case, takes the confidence as weight, and leaves the rest unlabelled', async () => {
    const rows: Row[] = [
      { address: 'a', level: 'high', confidence: 0.9 },
      { address: 'b', level: 'CRITICAL', confidence: 0.8 },
      { address: 'c', level: 'Low', confidence: 0.75 },
      { address: 'd', level: ' medium ', confidence: 0.5 },
      { address: 'nobody', level: 'high' },
    ];
    const { labels, weights, sources } = await derive(['a', 'b', 'c', 'd', 'x', 'a'], labelTable(rows));
    expect(Array.from(labels)).toEqual([1, 1, 0, 0, -1, 1]);
    expect(Array.from(weights)).toEqual([0.9, 0.8, 0.75, 0.5, 0, 0.9].map(Math.fround));
    expect(sources).toEqual({ names: ['flag'], codes: Int32Array.of(0, 0, 0, 0, -1, 0) });
  });

  it('compares hex addresses without their checksum case, and others as they are', async () => {
    const rows: Row[] = [{ address: '0xABCDEF' }, { address: 'bc1Qx' }];
    const { labels } = await derive(['0xabcdef', '0xAbCdEf', 'bc1qx', 'bc1Qx'], labelTable(rows));
    expect(Array.from(labels)).toEqual([1, 1, -1, 1]);
  });

  it.each<[string, Row, Row]>([
    [
      'the higher confidence',
      { address: 'a', confidence: 0.9, day: 1, level: 'low' },
      { address: 'a', confidence: 0.8, day: 2 },
    ],
    [
      'then the newer date',
      { address: 'a', day: 2, level: 'low' },
      { address: 'a', day: 1, level: 'critical' },
    ],
    [
      'then the higher risk',
      { address: 'a', level: 'high', source: 'z' },
      { address: 'a', level: 'low', source: 'a' },
    ],
    ['then the first source', { address: 'a', source: 'a' }, { address: 'a', source: 'b' }],
  ])('lets %s win, in either order', async (_, winner, loser) => {
    for (const rows of [
      [winner, loser],
      [loser, winner],
    ]) {
      const { labels, weights, sources } = await derive(['a'], labelTable(rows));
      expect(labels[0]).toBe(winner.level === 'low' ? 0 : 1);
      expect(weights[0]).toBe(Math.fround(winner.confidence ?? 0.5));
      expect(sources.names).toEqual([winner.source ?? 'flag']);
    }
  });

  it('gives what a plain reading of the rules gives, whatever the order and encoding of thousands of rows', async () => {
    const random = createRandom(5, 'labels');
    const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
    const levels = ['low', 'medium', 'high', 'critical'];
    const rows = Array.from({ length: 3000 }, () => ({
      address: `0x${pick(['a', 'A'])}${random.integer(400).toString(16)}`,
      level: pick(levels),
      confidence: pick([0, 0.25, 0.5, 0.75]),
      day: pick([1, 2, 3]),
      source: pick(['flag', 'tagpack', '']),
    }));
    const addresses = Array.from({ length: 900 }, () => `0xa${random.integer(500).toString(16)}`);
    // Independent of the strategy: sort all rows of an address by the documented order and take the first.
    const expected = addresses.map((address) => {
      const [first] = rows
        .filter((row) => addressKey(row.address) === address)
        .sort(
          (a, b) =>
            b.confidence - a.confidence ||
            b.day - a.day ||
            levels.indexOf(b.level) - levels.indexOf(a.level) ||
            (a.source || 'unknown').localeCompare(b.source || 'unknown'),
        );
      return first === undefined || first.confidence === 0 ? -1 : levels.indexOf(first.level) >= 2 ? 1 : 0;
    });
    const asDictionary = () => new Dictionary(new Utf8(), new Int32());
    const plain = await derive(addresses, labelTable(rows));
    const shuffled = await derive(addresses, labelTable(random.shuffle([...rows]), asDictionary));
    expect(Array.from(plain.labels)).toEqual(expected);
    expect(shuffled).toEqual(plain);
    expect(() => createAddressLabelStrategy().validateLabels(plain)).not.toThrow();
  });

  it('reads tables of several batches', async () => {
    const first = labelTable([{ address: 'a', level: 'high' }]);
    const second = labelTable([{ address: 'b', level: 'low', confidence: 0.25 }]);
    const { labels, weights } = await derive(['b', 'a'], first.concat(second));
    expect(Array.from(labels)).toEqual([0, 1]);
    expect(Array.from(weights)).toEqual([0.25, 0.5]);
  });

  it('refuses risk levels and confidences that are none, counting them', async () => {
    const odd = derive(
      ['a'],
      labelTable([{ address: 'a', level: 'severe' }, { address: 'b', level: '' }, { address: 'c' }]),
    );
    await expect(odd).rejects.toThrow(InvalidAddressLabelsError);
    await expect(odd).rejects.toThrow(/2 rows with 'severe', ''/);
    for (const confidence of [1.5, -0.1, Number.NaN]) {
      await expect(derive(['a'], labelTable([{ address: 'a', confidence }]))).rejects.toThrow(
        /1 rows with others/,
      );
    }
  });

  it('stops when it was cancelled', async () => {
    const data = { alerts: empty, addressLabels: labelTable([]) } as unknown as TrainingData;
    const deriving = createAddressLabelStrategy().deriveLabels(empty, data, {
      seed: 1,
      signal: AbortSignal.abort(),
    });
    await expect(deriving).rejects.toThrow(CancelledError);
  });
});

describe('validateLabels', () => {
  const good = {
    labels: Int8Array.of(1, 0, -1),
    weights: Float32Array.of(1, 0.5, 0),
    sources: { names: ['x'], codes: Int32Array.of(0, 0, -1) },
  };

  it.each([
    ['another length', { ...good, weights: Float32Array.of(1) }],
    ['a label of 2', { ...good, labels: Int8Array.of(2, 0, -1) }],
    ['a weight below 0', { ...good, weights: Float32Array.of(-1, 0.5, 0) }],
    ['a weight that is no number', { ...good, weights: Float32Array.of(Number.NaN, 0.5, 0) }],
    [
      'a labelled row without a source',
      { ...good, sources: { names: ['x'], codes: Int32Array.of(-1, 0, -1) } },
    ],
    ['a source beyond the list', { ...good, sources: { names: ['x'], codes: Int32Array.of(1, 0, -1) } }],
  ])('refuses %s', (_, labelSet) => {
    const strategy = createAddressLabelStrategy();
    expect(() => strategy.validateLabels(good)).not.toThrow();
    expect(() => strategy.validateLabels(labelSet)).toThrow(InvalidLabelSetError);
  });
});

describeLabelStrategy('the address strategy', () => createAddressLabelStrategy());
