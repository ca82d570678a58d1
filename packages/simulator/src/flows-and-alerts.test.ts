import { beforeAll, describe, expect, it } from 'vitest';
import { listsOf, numbersOf, textListsOf, textsOf } from './testing/read-snapshot.ts';
import { columnReader, everyRun, expectTimesInWindow, expectWithin } from './testing/small-runs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

describe('money flows', () => {
  it('are consistent within a row and with the flow back', async () => {
    await everyRun(root, ({ moneyFlows }, windowDays) => {
      const of = columnReader(moneyFlows);
      const from = textsOf(moneyFlows, 'from_address');
      const to = textsOf(moneyFlows, 'to_address');
      const rowOf = new Map(from.map((address, row) => [`${address} ${to[row]}`, row]));
      const hours = listsOf(moneyFlows, 'hourly_pattern');
      const weekdays = listsOf(moneyFlows, 'weekly_pattern');
      expectTimesInWindow(moneyFlows, windowDays, ['first_seen_timestamp', 'last_seen_timestamp']);
      for (let row = 0; row < moneyFlows.numRows; row++) {
        const back = rowOf.get(`${to[row]} ${from[row]}`);
        const usd = of('amount_usd_sum')[row] as number;
        const usdBack = back === undefined ? 0 : (of('amount_usd_sum')[back] as number);
        expect(from[row]).not.toBe(to[row]);
        expect(of('is_bidirectional')[row]).toBe(back === undefined ? 0 : 1);
        expect(of('reciprocity_ratio')[row]).toBeCloseTo(Math.min(usd, usdBack) / Math.max(usd, usdBack), 5);
        expect(hours[row]?.reduce((sum, count) => sum + count, 0)).toBe(of('tx_count')[row]);
        expect(weekdays[row]?.reduce((sum, count) => sum + count, 0)).toBe(of('tx_count')[row]);
        expect(of('avg_tx_size_usd')[row]).toBeCloseTo(usd / (of('tx_count')[row] as number), 1);
        expect(of('amount_sum')[row]).toBeGreaterThanOrEqual(0);
      }
    });
  });
});

describe('alerts and clusters', () => {
  it('name addresses of the snapshot, gravely enough', async () => {
    await everyRun(root, ({ alerts, clusters, moneyFlows, features }, windowDays) => {
      const known = new Set([...textsOf(moneyFlows, 'from_address'), ...textsOf(moneyFlows, 'to_address')]);
      const severities = new Set(textsOf(alerts, 'severity'));
      expect(textsOf(alerts, 'address').every((address) => known.has(address))).toBe(true);
      expect(
        [...severities].every((severity) => ['low', 'medium', 'high', 'critical'].includes(severity)),
      ).toBe(true);
      expectWithin(numbersOf(alerts, 'alert_confidence_score'), { name: 'confidence', least: 0, most: 1 });
      for (const evidence of textsOf(alerts, 'evidence_json'))
        expect(() => JSON.parse(evidence)).not.toThrow();
      expect(textListsOf(alerts, 'risk_indicators').every((indicators) => indicators.length > 0)).toBe(true);

      const volumeOf = new Map(
        textsOf(features, 'address').map((address, row) => [
          address,
          numbersOf(features, 'total_volume_usd')[row],
        ]),
      );
      textsOf(alerts, 'address').forEach((address, row) => {
        const volume = volumeOf.get(address);
        if (volume !== undefined) expect(numbersOf(alerts, 'volume_usd')[row]).toBe(volume);
      });

      const addressOfAlert = new Map(
        textsOf(alerts, 'alert_id').map((id, row) => [id, textsOf(alerts, 'address')[row]]),
      );
      const members = textListsOf(clusters, 'addresses_involved');
      const related = textListsOf(clusters, 'related_alert_ids');
      expectTimesInWindow(clusters, windowDays, ['earliest_alert_timestamp', 'latest_alert_timestamp']);
      for (let row = 0; row < clusters.numRows; row++) {
        expect(members[row]?.length).toBeGreaterThanOrEqual(2);
        expect(new Set(related[row]?.map((id) => addressOfAlert.get(id)))).toEqual(new Set(members[row]));
        expect(numbersOf(clusters, 'total_alerts')[row]).toBe(related[row]?.length);
        expect(related[row]).toContain(textsOf(clusters, 'primary_alert_id')[row]);
        expect(members[row]).toContain(textsOf(clusters, 'primary_address')[row]);
      }
      const clustered = members.flat();
      expect(new Set(clustered).size).toBe(clustered.length);
    });
  });
});
