import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { planSimulation, type SimulationOptions } from './options.ts';

describe('planSimulation', () => {
  it('fills in the defaults', () => {
    expect(planSimulation({ outputDir: 'sot' })).toEqual({
      outputDir: 'sot',
      network: 'simnet',
      seed: 1,
      snapshots: 6,
      firstDay: 20_094,
      stepDays: 7,
      windowDays: 30,
      alerts: 20_000,
      labelledShare: 0.3,
    });
  });

  it.each<[string, Partial<SimulationOptions>]>([
    ['outputDir', { outputDir: '' }],
    ['network', { network: 'Sim Net' }],
    ['network', { network: '1net' }],
    ['seed', { seed: 0.5 }],
    ['seed', { seed: Number.NaN }],
    ['snapshots', { snapshots: 0 }],
    ['snapshots', { snapshots: 2.5 }],
    ['firstDate', { firstDate: '06.01.2025' }],
    ['firstDate', { firstDate: '1970-01-10', windowDays: 30 }],
    ['the last snapshot', { firstDate: '2105-12-01', stepDays: 30 }],
    ['stepDays', { stepDays: 0 }],
    ['windowDays', { windowDays: 366 }],
    ['alerts', { alerts: 5 }],
    ['labelledShare', { labelledShare: 1.1 }],
    ['labelledShare', { labelledShare: Number.NaN }],
  ])('refuses %s of %j', (name, options) => {
    const plan = () => planSimulation({ outputDir: 'sot', ...options });
    expect(plan).toThrow(InvalidInputError);
    expect(plan).toThrow(`'${name}'`);
  });
});
