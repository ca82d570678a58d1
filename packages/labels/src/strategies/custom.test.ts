import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancelledError, type LabelStrategy, type TrainingData } from '@risk-scoring/contract';
import { describeLabelStrategy, makeTrainingData } from '@risk-scoring/testkit';
import { DateDay, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabelFileError } from '../errors.ts';
import { createCustomLabelStrategy, customDefinition } from './custom.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'custom-labels-'));
});
afterAll(() => rm(folder, { recursive: true }));

function alertTable(addresses: readonly string[], date = '2025-02-01'): Table {
  return new Table({
    address: vectorFromArray([...addresses], new Utf8()),
    processing_date: vectorFromArray(
      addresses.map(() => new Date(date)),
      new DateDay(),
    ),
  });
}

function derive(strategy: LabelStrategy, alerts: Table, signal?: AbortSignal) {
  const empty = new Table({});
  const data: TrainingData = {
    period: { network: 'simnet', startDate: '2025-01-01', endDate: '2025-01-31', windowDays: 30 },
    alerts,
    features: empty,
    clusters: empty,
    moneyFlows: empty,
    addressLabels: empty,
  };
  return strategy.deriveLabels(alerts, data, { seed: 1, ...(signal === undefined ? {} : { signal }) });
}

describe('createCustomLabelStrategy', () => {
  it('labels alerts by a file in the folder that paths start from, and reports which it was', async () => {
    await writeFile(
      path.join(folder, 'mine.csv'),
      'address,label,confidence,source,valid_from\n0xAB,1,0.75,desk,\n0xcd,0,,,\n0xee,1,1,desk,2025-03-01\n',
    );
    const strategy = createCustomLabelStrategy({ file: 'mine.csv' }, { folder });
    expect(strategy.settings).toMatchObject({ file: 'mine.csv', conflict_policy: 'highest-confidence' });
    expect(JSON.parse(JSON.stringify(strategy.settings))).toEqual(strategy.settings);
    const labelSet = await derive(strategy, alertTable(['0xab', '0xcd', '0xee', '0xff']));
    strategy.validateLabels(labelSet);
    expect(Array.from(labelSet.labels)).toEqual([1, 0, -1, -1]);
    expect(Array.from(strategy.getLabelWeights(labelSet))).toEqual([0.75, 1, 0, 0]);
    expect(labelSet.sources.names).toEqual(['desk', 'unknown']);
    expect(labelSet.report).toMatchObject({
      rows: 3,
      alerted: 2,
      file: {
        name: 'mine.csv',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        bytes: 96,
        rows: 3,
        labels_from: 'label',
        warnings: [],
      },
    });
    const later = await derive(strategy, alertTable(['0xee'], '2025-03-01'));
    expect(Array.from(later.labels)).toEqual([1]);
  });

  it('follows its settings', async () => {
    await writeFile(
      path.join(folder, 'levels.csv'),
      'address,risk_level,confidence\na,medium,0.5\nb,high,0.5\n',
    );
    const levels = createCustomLabelStrategy(
      {
        file: path.join(folder, 'levels.csv'),
        positive_risk_levels: ['medium'],
        negative_risk_levels: [],
        use_confidence: false,
      },
      { folder: '/nowhere' },
    );
    const labelSet = await derive(levels, alertTable(['a', 'b']));
    expect(Array.from(labelSet.labels)).toEqual([1, -1]);
    expect(Array.from(labelSet.weights)).toEqual([1, 0]);

    await writeFile(path.join(folder, 'list.csv'), 'address\na\n');
    const plain = (default_label?: 0 | 1) =>
      createCustomLabelStrategy({ file: 'list.csv', default_label }, { folder });
    expect(Array.from((await derive(plain(1), alertTable(['a']))).labels)).toEqual([1]);
    await expect(derive(plain(), alertTable(['a']))).rejects.toThrow(LabelFileError);
  });

  it('reads the file anew each time, and refuses it when it is gone', async () => {
    const strategy = createCustomLabelStrategy({ file: 'changing.csv' }, { folder });
    await expect(derive(strategy, alertTable(['a']))).rejects.toThrow(/no such file/);
    for (const label of [1, 0]) {
      await writeFile(path.join(folder, 'changing.csv'), `address,label\na,${label}\n`);
      expect(Array.from((await derive(strategy, alertTable(['a']))).labels)).toEqual([label]);
    }
    await expect(derive(strategy, alertTable(['a']), AbortSignal.abort())).rejects.toThrow(CancelledError);
  });

  it.each([
    ['no file', {}, 'file'],
    ['an empty file name', { file: ' ' }, 'file'],
    ['a default label of 2', { file: 'a.csv', default_label: 2 }, 'default_label'],
    ['a level on both sides', { file: 'a.csv', negative_risk_levels: ['high'] }, 'negative_risk_levels'],
    ['an unknown setting', { file: 'a.csv', fiel: 'b' }, 'fiel'],
  ])('refuses %s', (_, settings, named) => {
    const { success, error } = customDefinition.settings.safeParse(settings);
    expect(success).toBe(false);
    expect(error?.message).toContain(named);
  });
});

const suiteAddresses = Array.from({ length: 30 }, (_, i) => `0x${'ab'.repeat(18)}${1000 + i}`);

describeLabelStrategy(
  'the custom strategy',
  async () => {
    const lines = suiteAddresses.slice(5).map((address, i) => `${address},${i % 2},0.5,desk`);
    const file = path.join(folder, 'suite.csv');
    await writeFile(file, ['address,label,confidence,source', ...lines, ''].join('\n'));
    return createCustomLabelStrategy({ file }, { folder });
  },
  {
    data: (storage) =>
      makeTrainingData({
        ...storage,
        alerts: ['2025-01-01', '2025-01-02'].flatMap((processing_date) =>
          suiteAddresses.map((address) => ({ address, processing_date })),
        ),
      }),
  },
);
