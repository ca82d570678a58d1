import { InvalidInputError } from '@risk-scoring/contract';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { makeTrainingData } from './make-training-data.ts';

describe('makeTrainingData', () => {
  it('has the columns and types that ClickHouse delivers', () => {
    const { alerts, addressLabels, features, clusters, moneyFlows } = makeTrainingData({});
    const typesOf = (table: typeof alerts, names: readonly string[]) =>
      names.map((name) => String(table.schema.fields.find((field) => field.name === name)?.type));
    expect(
      typesOf(alerts, ['processing_date', 'window_days', 'volume_usd', 'risk_indicators', 'label']),
    ).toEqual(['Date32<DAY>', 'Uint16', 'Decimal[38e+18]', 'List<Utf8>', 'Int8']);
    expect(typesOf(features, ['tx_in_count', 'peak_hour', 'is_whale', 'hourly_activity'])).toEqual([
      'Uint64',
      'Uint8',
      'Bool',
      'List<Uint16>',
    ]);
    expect([features, clusters, moneyFlows, addressLabels].map((table) => table.numRows)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('keeps the values of the rows, in their order, and fills in the defaults', () => {
    const { alerts, addressLabels, features } = makeTrainingData({
      alerts: [
        {
          address: '0xA',
          processing_date: '2020-01-05',
          volume_usd: -1200.5,
          risk_indicators: ['a', 'b'],
          label: 1,
        },
        { alert_id: 'mine', label: null },
      ],
      addressLabels: [{ address: '0xA', source: 'sot' }],
      features: [{ tx_in_count: 5, is_whale: true, hourly_activity: [1, 2] }],
    });
    expect(alerts.getChild('alert_id')?.toJSON()).toEqual(['alert-0', 'mine']);
    expect(alerts.getChild('severity')?.toJSON()).toEqual(['medium', 'medium']);
    expect(alerts.getChild('label')?.toJSON()).toEqual([1, null]);
    expect(alerts.getChild('window_days')?.toJSON()).toEqual([30, 30]);
    expect(Array.from(alerts.getChild('risk_indicators')?.get(0) ?? [])).toEqual(['a', 'b']);
    // 2020-01-01 is day 18262 since 1970-01-01.
    expect(Array.from(alerts.getChild('processing_date')?.data[0]?.values.subarray(0, 2) ?? [])).toEqual([
      18_266, 18_262,
    ]);
    expect(String(alerts.getChild('volume_usd')?.get(0))).toBe('-1200500000000000000000');
    expect(addressLabels.get(0)?.toJSON()).toMatchObject({
      network: 'testnet',
      risk_level: 'medium',
      confidence_score: 0.5,
      address_type: 'unknown',
      source: 'sot',
    });
    expect(features.get(0)?.toJSON()).toMatchObject({ tx_in_count: 5n, is_whale: true, degree_in: 0 });
  });

  it.each([
    { textType: 'dictionary', recordBatches: 1 },
    { textType: 'largeUtf8', recordBatches: 2 },
    { textType: 'utf8', recordBatches: 9 },
    { textType: 'dictionary', recordBatches: 3 },
  ] as const)('holds the same, stored as $textType in up to $recordBatches batches', (storage) => {
    const alerts = ['a', 'b', 'a', 'c', 'b'].map((address) => ({
      address,
      labeled_by: address === 'c' ? null : 'me',
    }));
    const made = makeTrainingData({ alerts, ...storage }).alerts;
    expect(made.batches).toHaveLength(Math.min(storage.recordBatches, 5));
    for (const table of [made, tableFromIPC(tableToIPC(made))]) {
      expect(table.getChild('address')?.toJSON()).toEqual(['a', 'b', 'a', 'c', 'b']);
      expect(table.getChild('labeled_by')?.toJSON()).toEqual(['me', 'me', 'me', null, 'me']);
    }
  });

  it('refuses a column that the table has not', () => {
    const misspelt: object = { adress: '0xA' };
    expect(() => makeTrainingData({ alerts: [misspelt] })).toThrow(InvalidInputError);
  });
});
