import { describe, expect, it } from 'vitest';
import { judgeLabels, type VerdictRequest } from './verdict.ts';

const counts = (alerts: number, suspicious: number, normal: number) => ({
  alerts,
  labelled: suspicious + normal,
  suspicious,
  normal,
});
const sound: VerdictRequest = {
  rows: {
    rows: 100,
    addresses: 100,
    risk_levels: {},
    suspicious: 40,
    normal: 60,
    neither: 0,
    zero_confidence: 0,
    identical: 0,
    addresses_with_several_rows: 0,
    conflicts: { addresses: 0, first: [] },
    valid_from: null,
  },
  counts: {
    alerts: counts(1000, 40, 60),
    addresses: { addresses: 900, labelled: 100, suspicious: 40, normal: 60 },
    suspicious_share: { alerts: 0.4, addresses: 0.4 },
    snapshots: { '2025-01-06': counts(1000, 40, 60) },
    typologies: { fan_in: counts(1000, 40, 60) },
    sources: {},
    kinds: { true: 100 },
    weights: [],
  },
  unknown: { no_alert: 0, no_features: 0 },
  overlap: null,
  sources: [],
  noise: null,
  endDate: '2025-01-31',
};
const remarks = (parts: Partial<VerdictRequest>) => judgeLabels({ ...sound, ...parts }).remarks;
const withAlerts = (alerts: ReturnType<typeof counts>): VerdictRequest => ({
  ...sound,
  counts: { ...sound.counts, alerts },
});

describe('judgeLabels', () => {
  it('has nothing to say of sound labels', () => {
    expect(judgeLabels(sound)).toEqual({ problems: [], remarks: [] });
  });

  it('calls it a problem when nothing, or one class only, is labelled', () => {
    expect(judgeLabels(withAlerts(counts(1000, 0, 0))).problems).toEqual([
      expect.stringContaining('none of the 1000 alerts'),
    ]);
    expect(judgeLabels(withAlerts(counts(1000, 9, 0))).problems).toEqual([
      expect.stringContaining('all 9 labelled alerts are suspicious'),
    ]);
    expect(judgeLabels(withAlerts(counts(1000, 0, 9))).problems).toEqual([
      expect.stringContaining('all 9 labelled alerts are normal'),
    ]);
  });

  it.each<[what: string, parts: Partial<VerdictRequest>, said: string]>([
    [
      'conflicts',
      { rows: { ...sound.rows, conflicts: { addresses: 2, first: ['0xa', '0xb'] } } },
      '2 addresses are called suspicious and normal, such as 0xa, 0xb',
    ],
    ['identical rows', { rows: { ...sound.rows, identical: 3 } }, '3 rows repeat another one'],
    ['rows of confidence 0', { rows: { ...sound.rows, zero_confidence: 4 } }, '4 rows have confidence 0'],
    ['rows of neither class', { rows: { ...sound.rows, neither: 5 } }, '5 rows have a risk level'],
    [
      'rows that hold later',
      { rows: { ...sound.rows, valid_from: { first: '2025-01-01', last: '2025-02-01', rows: 1 } } },
      '2025-02-01',
    ],
    [
      'unknown addresses',
      { unknown: { no_alert: 51, no_features: 7 } },
      '51.0 % of the addresses have no alert in the period; 7 have no features either',
    ],
    [
      'few alerts',
      { counts: { ...sound.counts, alerts: counts(100_000, 40, 60) } },
      'only 0.1 % of the alerts are labelled',
    ],
    [
      'a rare class',
      { counts: { ...sound.counts, alerts: counts(1000, 1, 499) } },
      'only 0.2 % of the labelled alerts are suspicious',
    ],
    [
      'few addresses of a class',
      { counts: { ...sound.counts, addresses: { ...sound.counts.addresses, normal: 14 } } },
      'only 14 labelled addresses are normal',
    ],
    [
      'a snapshot without labels',
      { counts: { ...sound.counts, snapshots: { '2025-01-13': counts(9, 0, 0) } } },
      'in the snapshots 2025-01-13',
    ],
    [
      'a typology without labels',
      { counts: { ...sound.counts, typologies: { fan_out: counts(9, 0, 0) } } },
      'of the typologies fan_out',
    ],
    [
      'labels that disagree with those that are there',
      {
        overlap: {
          addresses: 100,
          agree: 94,
          disagree: 6,
          undecided: 0,
          first: [{ address: '0xa', label: 1, existing: 0 }],
        },
      },
      'on 6.0 % of the addresses that are labelled already the labels disagree, such as 0xa',
    ],
    [
      'a source that contradicts the others',
      { sources: [{ source: 'odd', addresses: 20, shared: 10, undecided: 0, contradicts: 3, share: 0.3 }] },
      'the source odd contradicts the others on 30.0 %',
    ],
    [
      'labels that models contradict',
      {
        noise: {
          addresses: 100,
          judged: { normal: 90, suspicious: 10 },
          thresholds: { normal: 0.5, suspicious: 0.5 },
          suspected: { normal: 3, suspicious: 3 },
          share: 0.06,
          first: [],
        },
      },
      'models contradict 3 of 10 addresses labelled suspicious (30.0 %)',
    ],
  ])('remarks upon %s', (_, parts, said) => {
    expect(remarks(parts)).toEqual([expect.stringContaining(said)]);
    expect(judgeLabels({ ...sound, ...parts }).problems).toEqual([]);
  });

  it('keeps quiet below its thresholds', () => {
    expect(
      remarks({
        unknown: { no_alert: 50, no_features: 50 },
        overlap: { addresses: 100, agree: 95, disagree: 5, undecided: 0, first: [] },
        sources: [
          { source: 'few', addresses: 20, shared: 9, undecided: 0, contradicts: 9, share: 1 },
          { source: 'fair', addresses: 20, shared: 20, undecided: 0, contradicts: 4, share: 0.2 },
        ],
        noise: {
          addresses: 100,
          judged: { normal: 50, suspicious: 50 },
          thresholds: { normal: 0.5, suspicious: 0.5 },
          suspected: { normal: 5, suspicious: 0 },
          share: 0.05,
          first: [],
        },
      }),
    ).toEqual([]);
  });
});
