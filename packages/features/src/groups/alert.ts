import type { FeatureGroup } from '../feature-group.ts';
import { IN_SNAPSHOTS } from './fragments.ts';

/** The code of a text value: its place in the encoding, NULL where training never saw it. */
const code = (column: string, encoding: string) =>
  `nullIf(indexOf({encoding_${encoding}:Array(String)}, ${column}), 0) - 1`;

/** What the alert itself says. */
export const alertGroup: FeatureGroup = {
  name: 'alert',
  encodings: { typology: 'typology_type', suspected_address_type: 'suspected_address_type' },
  columns: [
    {
      name: 'severity_encoded',
      kind: 'numeric',
      meaning: 'severity: low 1, medium 2, high 3, critical 4',
      missing: 'a severity that is none of these',
    },
    {
      name: 'alert_volume_usd',
      kind: 'numeric',
      unit: 'USD',
      meaning: 'volume that the alert is about',
      missing: 'never missing',
    },
    {
      name: 'alert_volume_usd_log1p',
      kind: 'numeric',
      unit: 'log USD',
      meaning: 'ln(1 + volume), negative volumes as 0',
      missing: 'never missing',
    },
    {
      name: 'alert_confidence_score',
      kind: 'numeric',
      unit: 'ratio',
      meaning: "the rule's confidence in its alert, 0..1",
      missing: 'never missing',
    },
    {
      name: 'typology_encoded',
      kind: 'categorical',
      meaning: 'typology_type as its place in the alphabetical list of those in training',
      missing: 'a typology that training never saw',
    },
    {
      name: 'suspected_address_type_encoded',
      kind: 'categorical',
      meaning: 'suspected_address_type as its place in the alphabetical list of those in training',
      missing: 'a type that training never saw',
    },
    {
      name: 'risk_indicator_count',
      kind: 'numeric',
      unit: 'count',
      meaning: 'number of risk indicators on the alert',
      missing: 'never missing',
    },
  ],
  // One row: one alert.
  sql: `SELECT
    processing_date,
    alert_id,
    nullIf(indexOf(['low', 'medium', 'high', 'critical'], lower(severity)), 0) AS severity_encoded,
    volume_usd AS alert_volume_usd,
    log1p(greatest(toFloat64(volume_usd), 0)) AS alert_volume_usd_log1p,
    alert_confidence_score,
    ${code('typology_type', 'typology')} AS typology_encoded,
    ${code('suspected_address_type', 'suspected_address_type')} AS suspected_address_type_encoded,
    length(risk_indicators) AS risk_indicator_count
FROM published_alerts
WHERE ${IN_SNAPSHOTS}`,
};
