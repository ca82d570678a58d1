import type { LabelStrategy } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { labelStrategyByName } from '../registry.ts';
import { addressReadingOf } from './address-settings.ts';
import { alertFactsOf } from './alert-facts.ts';
import { parseLabelSetName } from './label-set-name.ts';
import { withAlertColumns } from './with-alert-columns.ts';

describe('parseLabelSetName', () => {
  it('takes a name, with a version or without', () => {
    expect(parseLabelSetName('mine')).toEqual({ dataSet: 'mine' });
    expect(parseLabelSetName('mine@1.0.0')).toEqual({ dataSet: 'mine', version: '1.0.0' });
  });

  it.each(['', '@1', 'mine@', 'a b', 'a@b@c', `${'x'.repeat(101)}@1`])('refuses %j', (text) => {
    expect(() => parseLabelSetName(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('addressReadingOf', () => {
  it('follows the settings of a strategy, and the defaults where it has none', () => {
    const settings = {
      positive_risk_levels: ['critical'],
      negative_risk_levels: [],
      conflict_policy: 'source-priority',
      source_priority: ['desk'],
      use_confidence: false,
      data_sets: ['mine@1'],
    };
    expect(addressReadingOf({ settings })).toEqual({
      positive: ['critical'],
      negative: [],
      dataSets: ['mine@1'],
      resolving: { policy: 'source-priority', sourcePriority: ['desk'], useConfidence: false },
    });
    const usual = {
      positive: ['high', 'critical'],
      negative: ['low', 'medium'],
      dataSets: 'latest',
      resolving: { policy: 'highest-confidence', useConfidence: true },
    };
    expect(addressReadingOf({ settings: {} })).toEqual(usual);
    expect(addressReadingOf(labelStrategyByName('address'))).toMatchObject(usual);
  });
});

describe('withAlertColumns', () => {
  /** A strategy that cannot be copied by its properties. */
  class Own implements LabelStrategy {
    readonly specificationVersion = 'v1';
    readonly name = 'own';
    readonly settings = {};
    readonly requires = ['alerts'] as const;
    readonly columns = { alerts: ['severity'] };
    readonly #secret = 'kept';
    deriveLabels(): Promise<never> {
      return Promise.reject(new Error(this.#secret));
    }
    validateLabels(): void {}
    getLabelWeights() {
      return new Float32Array();
    }
  }

  it('reads further columns and is the same otherwise', async () => {
    const wrapped = withAlertColumns(new Own(), ['typology_type', 'severity']);
    expect(wrapped).toMatchObject({ name: 'own', columns: { alerts: ['severity', 'typology_type'] } });
    await expect(wrapped.deriveLabels({} as never, {} as never, { seed: 1 })).rejects.toThrow('kept');
  });

  it('leaves a strategy that reads all columns to read them all', () => {
    const { columns: _, ...all } = labelStrategyByName('address');
    expect(withAlertColumns(all, ['typology_type']).columns?.alerts).toBeUndefined();
  });
});

describe('alertFactsOf', () => {
  it('describes the alerts of each wanted address', () => {
    const facts = alertFactsOf({
      places: Int32Array.of(0, 1, 0, 2, 0),
      dates: Int32Array.of(10, 10, 17, 17, 17),
      typologies: { values: ['fan_out', 'fan_in'], codes: Int32Array.of(0, 1, 1, 0, 0) },
      volumes: Float64Array.of(1, 2, 4, 8, 16),
      wanted: Int32Array.of(2, 0),
    });
    expect(facts).toEqual([
      { alerts: 1, typologies: ['fan_out'], lastDay: 17, volume: 8 },
      { alerts: 3, typologies: ['fan_in', 'fan_out'], lastDay: 17, volume: 20 },
    ]);
  });
});
