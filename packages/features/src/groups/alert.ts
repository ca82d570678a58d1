import { type FeatureGroup, InvalidInputError } from '@risk-scoring/contract';
import { literal } from '@risk-scoring/storage';
import { levelSql, log1pSql, numeric } from './fragments.ts';
import { markOwn } from './own-groups.ts';

/** The code of a text value: its place in the encoding, NULL where training never saw it. */
const code = (column: string, encoding: string) =>
  `nullIf(indexOf({encoding_${encoding}:Array(String)}, ${column}), 0) - 1`;

/** A number of evidence_json. Whole numbers beyond 64 bits, such as amounts in wei, are only there as they are written. */
function numberAt(key: string): string {
  const path = key.split('.').map(literal).join(', ');
  return `ifNull(JSONExtract(evidence_json, ${path}, 'Nullable(Float64)'), toFloat64OrNull(JSONExtractRaw(evidence_json, ${path})))`;
}

/** Settings of {@link createAlertGroup}. */
export interface AlertGroupSettings {
  /**
   * Keys of evidence_json whose numbers become features `evidence_<key>`, with a dot between levels: `['mean_usd', 'flow.hops']`. Which there are
   * depends on who made the alerts, so none is taken unless it is named.
   */
  readonly evidenceKeys?: readonly string[];
}

/**
 * What the alert itself says.
 *
 * @throws {InvalidInputError} for an evidence key that cannot name a column, or stands twice
 * @example
 * createAlertGroup({ evidenceKeys: ['mean_usd'] }).columns.at(-1)?.name; // 'evidence_mean_usd'
 */
export function createAlertGroup({ evidenceKeys = [] }: AlertGroupSettings = {}): FeatureGroup {
  const evidence = evidenceKeys.map((key) => ({ key, name: `evidence_${key.replaceAll('.', '_')}` }));
  evidence.forEach(({ key, name }, index) => {
    const known = /^[a-z0-9_]+(\.[a-z0-9_]+)*$/i.test(key);
    if (known && evidence.findIndex((other) => other.name === name) === index) return;
    throw new InvalidInputError({
      what: 'The list of evidence keys',
      expected: 'each key once, of letters, digits and _, with a dot between levels',
      found: key,
      remedy: 'name the keys as they stand in evidence_json, for example mean_usd',
    });
  });
  return markOwn({
    specificationVersion: 'v1',
    name: 'alert',
    per: 'alert',
    severalSnapshots: true,
    encodings: {
      typology: 'typology_type',
      suspected_address_type: 'suspected_address_type',
    },
    columns: [
      numeric('severity_encoded', 'severity: low 1, medium 2, high 3, critical 4', {
        missing: 'a severity that is none of these',
      }),
      numeric('alert_volume_usd', 'volume that the alert is about', { unit: 'USD' }),
      numeric('alert_volume_usd_log1p', 'ln(1 + volume), negative volumes as 0', { unit: 'log USD' }),
      numeric('alert_confidence_score', "the rule's confidence in its alert, 0..1", { unit: 'ratio' }),
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
      numeric('risk_indicator_count', 'number of risk indicators on the alert', { unit: 'count' }),
      ...evidence.map(({ key, name }) =>
        numeric(name, `the number at ${key} of evidence_json`, { missing: 'no number there' }),
      ),
    ],
    // One row: one alert.
    sql: `SELECT
    ${[
      'processing_date',
      'alert_id',
      `nullIf(${levelSql('severity')}, 0) AS severity_encoded`,
      'volume_usd AS alert_volume_usd',
      `${log1pSql('volume_usd')} AS alert_volume_usd_log1p`,
      'alert_confidence_score',
      `${code('typology_type', 'typology')} AS typology_encoded`,
      `${code('suspected_address_type', 'suspected_address_type')} AS suspected_address_type_encoded`,
      'length(risk_indicators) AS risk_indicator_count',
      ...evidence.map(({ key, name }) => `${numberAt(key)} AS ${name}`),
    ].join(',\n    ')}
FROM alerts`,
  });
}

/** {@link createAlertGroup} without evidence. */
export const alertGroup: FeatureGroup = createAlertGroup();
