import type { Random } from '@risk-scoring/contract';
import { DAY_MS, formatDay } from '../calendar.ts';
import type { FeatureTable } from '../features/feature-row.ts';
import { hashOf } from '../hash.ts';
import { RAW_ALERTS } from '../tables/definitions.ts';
import { createTable, type Table } from '../tables/table.ts';
import { takeRows } from '../tables/take-rows.ts';
import type { Window } from '../transfers/active-period.ts';
import type { Evidence } from './evidence.ts';
import type { RaisedAlerts } from './raise-alerts.ts';
import { RULES, type Rule } from './rules.ts';

/** The published alerts and, aligned with them, the feature row that each is about. */
export interface AlertTable {
  readonly table: Table<typeof RAW_ALERTS>;
  readonly featureRow: Int32Array;
}

/** What alerts are written from. */
export interface AlertTableRequest {
  readonly network: string;
  readonly window: Window;
  readonly features: FeatureTable;
  readonly evidence: Evidence;
  readonly random: Random;
}

/** From mild to severe. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

/** Share of alerts whose address type nobody has guessed. */
const UNGUESSED = 0.1;

/** Names, grades and describes the raised alerts, sorted by alert_id. */
export function writeAlertTable(raised: RaisedAlerts, request: AlertTableRequest): AlertTable {
  const table = createTable(RAW_ALERTS, raised.count);
  const { columns } = table;
  const { window } = request;
  columns.window_days.fill(window.endDay - window.firstDay);
  columns.processing_date.fill(window.endDay);
  columns.created_at.fill(window.endDay * DAY_MS);
  for (let alert = 0; alert < raised.count; alert++) writeAlert(columns, alert, { raised, ...request });
  const ids = columns.alert_id;
  const order = Int32Array.from(
    Array.from(ids.keys()).sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1)),
  );
  return { table: takeRows(table, order), featureRow: order.map((alert) => raised.featureRow[alert]) };
}

function writeAlert(
  columns: AlertTable['table']['columns'],
  alert: number,
  { raised, network, window, features, evidence, random }: AlertTableRequest & { raised: RaisedAlerts },
): void {
  const row = raised.featureRow[alert];
  const rule = RULES[raised.rule[alert]] as Rule;
  const address = features.columns.address[row] as string;
  const date = formatDay(window.endDay);
  const windowDays = window.endDay - window.firstDay;
  const { description, numbers } = rule.explain({ columns: features.columns, evidence, row });
  const standing = raised.standing[alert];
  columns.alert_id[alert] = hashOf([network, date, windowDays, address, rule.typology], 20);
  columns.address[alert] = address;
  columns.typology_type[alert] = rule.typology;
  columns.pattern_id[alert] = hashOf([network, date, rule.typology, features.columns.community_id[row]], 16);
  columns.pattern_type[alert] = rule.patternType;
  columns.severity[alert] = severityOf(standing);
  columns.suspected_address_type[alert] = random.next() < UNGUESSED ? 'unknown' : guessType(features, row);
  columns.suspected_address_subtype[alert] = guessSubtype(features, row);
  columns.alert_confidence_score[alert] = Math.round(1000 * (0.35 + 0.6 * standing)) / 1000;
  columns.description[alert] = description;
  columns.volume_usd[alert] = features.columns.total_volume_usd[row];
  columns.evidence_json[alert] = JSON.stringify(numbers);
  columns.risk_indicators[alert] = indicatorsOf(rule, features, row);
}

function severityOf(standing: number): string {
  if (standing >= 0.97) return 'critical';
  if (standing >= 0.85) return 'high';
  return standing >= 0.5 ? 'medium' : 'low';
}

function guessType({ columns }: FeatureTable, row: number): string {
  if (columns.is_exchange_like[row] === 1) return 'exchange';
  if (columns.is_contract_like[row] === 1) return 'contract';
  if (columns.is_mixer_like[row] === 1) return 'mixer';
  return 'wallet';
}

function guessSubtype({ columns }: FeatureTable, row: number): string {
  if (columns.is_whale[row] === 1) return 'high_value';
  if (columns.is_new_address[row] === 1) return 'new';
  return columns.is_regular_user[row] === 1 ? 'regular' : '';
}

function indicatorsOf(rule: Rule, { columns }: FeatureTable, row: number): readonly string[] {
  const indicators = [rule.indicator];
  if (columns.night_transaction_ratio[row] >= 0.5) indicators.push('mostly_at_night');
  if (columns.is_dormant_reactivated[row] === 1) indicators.push('dormant_before');
  return indicators;
}
