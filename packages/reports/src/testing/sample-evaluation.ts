import type { Distribution, ModelEvaluation } from '@risk-scoring/model-storage';
import type { SnapshotDrift } from '../content.ts';

const BINS = 10;

/** Numbers in 0..1 that are the same every time (Lehmer's generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** What 2,000 made-up rows give: a model that is good, not perfect. */
export function sampleEvaluation(features: readonly string[]): ModelEvaluation {
  const next = numbers(7);
  const rows = Array.from({ length: 2000 }, () => {
    const score = next() ** 3;
    return { score, positive: next() < score * 0.9 + 0.01 };
  }).sort((a, b) => b.score - a.score);
  const positives = rows.filter(({ positive }) => positive).length;
  const negatives = rows.length - positives;
  const fpr: number[] = [0];
  const tpr: number[] = [0];
  const recall: number[] = [];
  const precision: number[] = [];
  let hits = 0;
  rows.forEach(({ positive }, i) => {
    hits += positive ? 1 : 0;
    if (i % 20 !== 19) return;
    fpr.push((i + 1 - hits) / negatives);
    tpr.push(hits / positives);
    recall.push(hits / positives);
    precision.push(hits / (i + 1));
  });
  const shifted = (values: readonly number[], by: number) =>
    values.map((value) => Math.min(1, Math.max(0, value + by)));
  const bin = (i: number) => rows.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === i);
  return {
    evaluation_version: 1,
    holdout: {
      rows: rows.length,
      positives,
      groups: 310,
      roc: { fpr, tpr, tpr_low: shifted(tpr, -0.05), tpr_high: shifted(tpr, 0.04) },
      pr: {
        recall,
        precision,
        precision_low: shifted(precision, -0.07),
        precision_high: shifted(precision, 0.06),
      },
      reliability: Array.from({ length: BINS }, (_, i) => {
        const of = bin(i);
        const rate = of.filter(({ positive }) => positive).length / of.length;
        const mean = of.reduce((sum, { score }) => sum + score, 0) / of.length;
        return {
          rows: of.length,
          mean_score: mean,
          positive_rate: rate,
          low: Math.max(0, rate - 0.08),
          high: Math.min(1, rate + 0.08),
        };
      }),
      histogram: {
        edges: Array.from({ length: BINS + 1 }, (_, i) => i / BINS),
        positives: Array.from({ length: BINS }, (_, i) => bin(i).filter(({ positive }) => positive).length),
        negatives: Array.from({ length: BINS }, (_, i) => bin(i).filter(({ positive }) => !positive).length),
      },
    },
    reference: {
      rows: 2000,
      features: Object.fromEntries(features.map((name) => [name, sampleDistribution(0)])),
      scores: sampleDistribution(0),
      score_rows: 1000,
      snapshots: [
        { processing_date: '2025-01-06', rows: 1000, labelled: 400, positives: 60 },
        { processing_date: '2025-01-13', rows: 1000, labelled: 380, positives: 66 },
      ],
    },
  };
}

function sampleDistribution(tilt: number): Distribution {
  const weights = Array.from({ length: BINS }, (_, i) => 10 + tilt * (i - 4.5));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    edges: [0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.3, 0.6],
    shares: weights.map((weight) => (0.98 * weight) / total),
    missing: 0.02,
  };
}

/** A snapshot that has moved: some features shifted, the scores somewhat. */
export function sampleDrift(features: readonly string[]): SnapshotDrift {
  return {
    processing_date: '2025-02-03',
    rows: 1200,
    scores: { psi: 0.132, reference: sampleDistribution(0), current: sampleDistribution(1.2) },
    features: features.map((name, i) => ({
      name,
      psi: 0.6 / (i + 1) ** 1.2,
      missing: 0.02 * i,
      reference_missing: 0.01 * i,
    })),
    labels: {
      labelled: 300,
      positives: 50,
      reference_positive_rate: 0.16,
      positive_rate: 50 / 300,
      all: { rows: 300, auc: 0.93, auc_interval: [0.89, 0.97] },
      unseen: { rows: 120, auc: 0.91, auc_interval: [0.85, 0.96] },
    },
  };
}
