import { beforeAll, describe, expect, it } from 'vitest';
import { listsOf, numericColumns, textsOf } from './testing/read-snapshot.ts';
import { columnReader, everyRun, expectTimesInWindow, expectWithin } from './testing/small-runs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

describe('features', () => {
  it('are consistent within a row', async () => {
    await everyRun(root, ({ features }, windowDays) => {
      const of = columnReader(features);
      for (let row = 0; row < features.numRows; row++) {
        const value = (name: string) => of(name)[row] as number;
        expect(value('degree_total')).toBe(value('degree_in') + value('degree_out'));
        expect(value('unique_senders_count')).toBe(value('degree_in'));
        expect(value('unique_recipients_count')).toBe(value('degree_out'));
        expect(value('unique_counterparties')).toBeLessThanOrEqual(value('degree_total'));
        expect(value('unique_counterparties')).toBeGreaterThanOrEqual(
          Math.max(value('degree_in'), value('degree_out')),
        );
        expect(value('khop1_count')).toBe(value('unique_counterparties'));
        expect(value('tx_total_count')).toBe(value('tx_in_count') + value('tx_out_count'));
        expect(value('total_volume_usd')).toBeCloseTo(value('total_in_usd') + value('total_out_usd'), 2);
        expect(value('net_flow_usd')).toBeCloseTo(value('total_in_usd') - value('total_out_usd'), 2);
        expect(value('khop1_volume_usd')).toBeCloseTo(value('total_volume_usd'), 2);
        for (const way of ['in', 'out']) {
          if (value(`tx_${way}_count`) === 0) {
            expect(value(`total_${way}_usd`)).toBe(0);
            continue;
          }
          for (const middle of [value(`median_tx_${way}_usd`), value(`avg_tx_${way}_usd`)]) {
            expect(middle).toBeGreaterThanOrEqual(value('min_tx_usd'));
            expect(middle).toBeLessThanOrEqual(value('max_tx_usd'));
          }
        }
        expect(value('activity_days')).toBeLessThanOrEqual(value('activity_span_days'));
        expect(value('activity_span_days')).toBeLessThanOrEqual(windowDays);
        expect(value('activity_days')).toBeGreaterThanOrEqual(1);
      }
    });
  });

  it('stay within their ranges, and within the window', async () => {
    const shares = [
      ...['reciprocity_ratio', 'flow_diversity', 'flow_concentration', 'counterparty_concentration'],
      ...['concentration_ratio', 'velocity_score', 'structuring_score', 'asset_diversity_score'],
      ...['hourly_entropy', 'daily_entropy', 'weekend_transaction_ratio', 'night_transaction_ratio'],
      ...[
        'small_transaction_ratio',
        'consistency_score',
        'pagerank',
        'betweenness',
        'clustering_coefficient',
      ],
      ...['centrality_score', 'flow_reciprocity_entropy', 'counterparty_stability', 'transaction_regularity'],
      ...['amount_predictability', 'behavioral_anomaly_score', 'graph_anomaly_score', 'closeness'],
      ...[
        'neighborhood_anomaly_score',
        'global_anomaly_score',
        'suspicious_pattern_score',
        'regularity_score',
      ],
      ...['completeness_score', 'quality_score', 'outlier_score', 'confidence_score'],
    ];
    await everyRun(root, ({ features }, windowDays) => {
      const of = columnReader(features);
      for (const name of numericColumns(features)) {
        expect(of(name).every(Number.isFinite), name).toBe(true);
      }
      for (const name of shares) expectWithin(of(name), { name, least: 0, most: 1 });
      expectWithin(of('flow_burstiness'), { name: 'flow_burstiness', least: -1, most: 1 });
      for (const name of ['peak_hour', 'peak_activity_hour'])
        expectWithin(of(name), { name, least: 0, most: 23 });
      for (const name of ['peak_day', 'peak_activity_day'])
        expectWithin(of(name), { name, least: 0, most: 6 });
      expectTimesInWindow(features, windowDays, ['first_activity_timestamp', 'last_activity_timestamp']);
    });
  });

  it('agree with the money flows, added up anew', async () => {
    await everyRun(root, ({ features, moneyFlows }) => {
      const of = columnReader(features);
      const flow = columnReader(moneyFlows);
      const hours = listsOf(moneyFlows, 'hourly_pattern');
      const weekdays = listsOf(moneyFlows, 'weekly_pattern');
      const from = groupRows(textsOf(moneyFlows, 'from_address'));
      const to = groupRows(textsOf(moneyFlows, 'to_address'));
      const foundHours = listsOf(features, 'hourly_activity');
      const foundWeekdays = listsOf(features, 'daily_activity');
      textsOf(features, 'address').forEach((address, row) => {
        const out = from.get(address) ?? [];
        const into = to.get(address) ?? [];
        const both = [...into, ...out];
        const sum = (rows: number[], name: string) =>
          rows.reduce((total, i) => total + (flow(name)[i] as number), 0);
        const sumLists = (lists: number[][], length: number) =>
          Array.from({ length }, (_, i) => both.reduce((total, each) => total + (lists[each]?.[i] ?? 0), 0));
        expect(of('degree_in')[row]).toBe(into.length);
        expect(of('degree_out')[row]).toBe(out.length);
        expect(of('tx_in_count')[row]).toBe(sum(into, 'tx_count'));
        expect(of('tx_out_count')[row]).toBe(sum(out, 'tx_count'));
        expect(of('total_in_usd')[row]).toBeCloseTo(sum(into, 'amount_usd_sum'), 2);
        expect(of('total_out_usd')[row]).toBeCloseTo(sum(out, 'amount_usd_sum'), 2);
        const first = Math.min(...both.map((i) => flow('first_seen_timestamp')[i] as number));
        const last = Math.max(...both.map((i) => flow('last_seen_timestamp')[i] as number));
        expect(of('first_activity_timestamp')[row]).toBe(first);
        expect(of('last_activity_timestamp')[row]).toBe(last);
        expect(foundHours[row]).toEqual(sumLists(hours, 24));
        expect(foundWeekdays[row]).toEqual(sumLists(weekdays, 7));
      });
    });
  });
});

function groupRows(names: string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  names.forEach((name, row) => {
    groups.set(name, [...(groups.get(name) ?? []), row]);
  });
  return groups;
}
