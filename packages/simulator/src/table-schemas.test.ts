import type { Table } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { textsOf } from './testing/read-snapshot.ts';
import { everyRun, simulateOne } from './testing/small-runs.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

describe('the tables', () => {
  it('have the columns and types that SOT publishes', async () => {
    const snapshot = await simulateOne(root, { seed: 1, alerts: 50, windowDays: 30 });
    expect(typesOf(snapshot.alerts)).toEqual({
      ...key,
      ...all(
        'Utf8',
        'alert_id address typology_type pattern_id pattern_type severity suspected_address_type',
      ),
      ...all('Utf8', 'suspected_address_subtype description evidence_json'),
      ...all('Float32', 'alert_confidence_score'),
      ...all(decimal, 'volume_usd'),
      ...all('List<Utf8>', 'risk_indicators'),
      ...createdAt,
    });
    expect(typesOf(snapshot.features)).toEqual({
      ...key,
      ...all('Utf8', 'address dominant_asset_in dominant_asset_out'),
      ...all(
        'Uint32',
        'degree_in degree_out degree_total unique_counterparties activity_days activity_span_days',
      ),
      ...all(
        'Uint32',
        'unique_assets_in unique_assets_out kcore community_id khop1_count khop2_count khop3_count',
      ),
      ...all('Uint32', 'outlier_transactions unique_recipients_count unique_senders_count'),
      ...all(
        'Uint64',
        'tx_in_count tx_out_count tx_total_count first_activity_timestamp last_activity_timestamp',
      ),
      ...all('Uint8', 'peak_hour peak_day peak_activity_hour peak_activity_day'),
      ...all(
        decimal,
        'total_in_usd total_out_usd net_flow_usd total_volume_usd avg_tx_in_usd avg_tx_out_usd',
      ),
      ...all(decimal, 'median_tx_in_usd median_tx_out_usd max_tx_usd min_tx_usd avg_daily_volume_usd'),
      ...all(decimal, 'khop1_volume_usd khop2_volume_usd khop3_volume_usd'),
      ...all(
        'Float64',
        'amount_variance amount_skewness amount_kurtosis volume_std volume_cv flow_concentration',
      ),
      ...all(
        'Float32',
        'regularity_score burst_factor reciprocity_ratio flow_diversity counterparty_concentration',
      ),
      ...all(
        'Float32',
        'concentration_ratio velocity_score structuring_score asset_diversity_score hourly_entropy',
      ),
      ...all(
        'Float32',
        'daily_entropy weekend_transaction_ratio night_transaction_ratio small_transaction_ratio',
      ),
      ...all(
        'Float32',
        'consistency_score pagerank betweenness closeness clustering_coefficient centrality_score',
      ),
      ...all(
        'Float32',
        'flow_reciprocity_entropy counterparty_stability flow_burstiness transaction_regularity',
      ),
      ...all('Float32', 'amount_predictability behavioral_anomaly_score graph_anomaly_score'),
      ...all('Float32', 'neighborhood_anomaly_score global_anomaly_score suspicious_pattern_score'),
      ...all('Float32', 'completeness_score quality_score outlier_score confidence_score'),
      ...all(
        'Bool',
        'is_exchange_like is_whale is_mixer_like is_contract_like is_new_address is_dormant_reactivated',
      ),
      ...all(
        'Bool',
        'is_high_volume_trader is_hub_address is_retail_active is_whale_inactive is_retail_inactive',
      ),
      ...all('Bool', 'is_regular_user'),
      ...all('List<Uint16>', 'hourly_activity daily_activity'),
      ...createdAt,
    });
    expect(typesOf(snapshot.clusters)).toEqual({
      ...key,
      ...all('Utf8', 'cluster_id cluster_type primary_address pattern_id primary_alert_id severity_max'),
      ...all('List<Utf8>', 'related_alert_ids addresses_involved'),
      ...all('Uint32', 'total_alerts'),
      ...all(decimal, 'total_volume_usd'),
      ...all('Float32', 'confidence_avg'),
      ...all('Uint64', 'earliest_alert_timestamp latest_alert_timestamp'),
      ...createdAt,
    });
    expect(typesOf(snapshot.moneyFlows)).toEqual({
      ...key,
      ...all('Utf8', 'from_address to_address dominant_asset'),
      ...all('Uint64', 'tx_count first_seen_timestamp last_seen_timestamp'),
      ...all(decimal, 'amount_sum amount_usd_sum avg_tx_size_usd'),
      ...all('Uint32', 'active_days unique_assets'),
      ...all('List<Uint16>', 'hourly_pattern weekly_pattern'),
      ...all('Float32', 'reciprocity_ratio'),
      ...all('Bool', 'is_bidirectional'),
      ...createdAt,
    });
    expect(typesOf(snapshot.addressLabels)).toEqual({
      ...key,
      ...all('Utf8', 'network address label network_type address_type address_subtype risk_level'),
      ...all('Float32', 'confidence_score'),
      ...all('Utf8', 'trust_level source'),
    });
  });

  it('are sorted by their keys, which are unique', async () => {
    await everyRun(root, ({ alerts, features, clusters, moneyFlows, addressLabels }) => {
      const joined = (table: Table, ...columns: string[]) => {
        const parts = columns.map((column) => textsOf(table, column));
        return Array.from({ length: table.numRows }, (_, row) => parts.map((part) => part[row]).join(' '));
      };
      for (const keys of [
        joined(alerts, 'alert_id'),
        joined(features, 'address'),
        joined(clusters, 'cluster_id'),
        joined(moneyFlows, 'from_address', 'to_address'),
        joined(addressLabels, 'address', 'source'),
      ]) {
        expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
        expect(new Set(keys).size).toBe(keys.length);
      }
    });
  });
});

const decimal = 'Decimal[38e+18]';
const all = (type: string, names: string) => Object.fromEntries(names.split(' ').map((name) => [name, type]));
const key = { window_days: 'Uint16', processing_date: 'Date32<DAY>' };
const createdAt = { created_at: 'Timestamp<MILLISECOND, UTC>' };

function typesOf(table: Table): Record<string, string> {
  return Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]));
}

/** Reads each column once. */
