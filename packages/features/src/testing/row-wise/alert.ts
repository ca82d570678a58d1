import type { Encodings } from '../../catalogue.ts';
import { parseAmount, usd } from './exact.ts';
import { numberOf, textOf, textsOf } from './raw-rows.ts';
import type { Surroundings } from './world.ts';

const SEVERITIES = ['low', 'medium', 'high', 'critical'];

/** low 1, medium 2, high 3, critical 4, in any letter case; NaN for anything else. */
export function severityCode(severity: string): number {
  return placeIn(SEVERITIES, severity.toLowerCase()) + 1;
}

/** What the alert itself says. `evidenceKeys` with a dot between levels. */
export function alertFeatures(
  { alert }: Surroundings,
  encodings: Encodings,
  evidenceKeys: readonly string[],
): Record<string, number> {
  const volume = usd(parseAmount(textOf(alert, 'volume_usd')));
  const evidence = evidenceOf(textOf(alert, 'evidence_json'));
  return {
    severity_encoded: severityCode(textOf(alert, 'severity')),
    alert_volume_usd: volume,
    alert_volume_usd_log1p: Math.log1p(Math.max(0, volume)),
    alert_confidence_score: numberOf(alert, 'alert_confidence_score'),
    typology_encoded: placeIn(encodings.typology ?? [], textOf(alert, 'typology_type')),
    suspected_address_type_encoded: placeIn(
      encodings.suspected_address_type ?? [],
      textOf(alert, 'suspected_address_type'),
    ),
    risk_indicator_count: textsOf(alert, 'risk_indicators').length,
    ...Object.fromEntries(
      evidenceKeys.map((key) => [`evidence_${key.replaceAll('.', '_')}`, numberAt(evidence, key.split('.'))]),
    ),
  };
}

function placeIn(list: readonly string[], value: string): number {
  const place = list.indexOf(value);
  return place < 0 ? Number.NaN : place;
}

function evidenceOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function numberAt(value: unknown, [key, ...deeper]: readonly string[]): number {
  if (key === undefined) return typeof value === 'number' ? value : Number.NaN;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return Number.NaN;
  return numberAt(new Map(Object.entries(value)).get(key), deeper);
}
