import type { Random } from '@risk-scoring/contract';
import type { FeatureTable } from '../features/feature-row.ts';
import { percentileRanks } from '../features/statistics.ts';
import type { Evidence } from './evidence.ts';
import { RULES } from './rules.ts';

/** The alerts of a snapshot, before they get names. One entry per alert. */
export interface RaisedAlerts {
  readonly count: number;
  /** The row of the feature table that it is about. */
  readonly featureRow: Int32Array;
  /** Index into `RULES`. */
  readonly rule: Uint8Array;
  /** How striking it is among the alerts of its rule, 0..1, as a hurried analyst sees it. */
  readonly standing: Float64Array;
}

/** What alerts are raised from. */
export interface AlertRequest {
  readonly features: FeatureTable;
  readonly evidence: Evidence;
  /** Rows that may be alerted: not those of services. */
  readonly candidates: Int32Array;
  /** How many alerts the monitoring can take on; which ones is left to chance. */
  readonly capacity: number;
  readonly random: Random;
}

/** Standard deviation of the error in judging how striking an alert is. */
const JUDGEMENT_ERROR = 0.15;

/** Lets every rule look at every candidate, keeps as many hits as there is capacity for, and judges them. */
export function raiseAlerts(request: AlertRequest): RaisedAlerts {
  const { capacity, random } = request;
  const hits = findHits(request);
  const chosen = random.shuffle(Int32Array.from(hits.rule.keys())).slice(0, capacity).sort();
  const rank = rankWithinRule(hits);
  return {
    count: chosen.length,
    featureRow: chosen.map((hit) => hits.featureRow[hit] as number),
    rule: Uint8Array.from(chosen, (hit) => hits.rule[hit] as number),
    standing: Float64Array.from(chosen, (hit) => clamp(rank[hit] + JUDGEMENT_ERROR * random.normal())),
  };
}

interface Hits {
  readonly featureRow: readonly number[];
  readonly rule: readonly number[];
  readonly strength: readonly number[];
}

function findHits({ features, evidence, candidates }: AlertRequest): Hits {
  const featureRow: number[] = [];
  const rule: number[] = [];
  const strength: number[] = [];
  for (const row of candidates) {
    RULES.forEach((each, index) => {
      const found = each.strength({ columns: features.columns, evidence, row });
      if (found <= 0) return;
      featureRow.push(row);
      rule.push(index);
      strength.push(found);
    });
  }
  return { featureRow, rule, strength };
}

function rankWithinRule({ rule, strength }: Hits): Float64Array {
  const rank = new Float64Array(rule.length);
  RULES.forEach((_, index) => {
    const hits = Int32Array.from(rule.keys()).filter((hit) => rule[hit] === index);
    const ranks = percentileRanks(Float64Array.from(hits, (hit) => strength[hit] as number));
    hits.forEach((hit, i) => {
      rank[hit] = ranks[i];
    });
  });
  return rank;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
