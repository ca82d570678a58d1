import { describe, expect, it } from 'vitest';
import { modelMetadataSchema } from './metadata.ts';
import { sampleMetadata } from './testing/fixture.ts';

const plan = { groups: ['alert'], encodings: { typology: ['fan_in'] } };
const written = (feature_plan: object): unknown => {
  const unsaved = sampleMetadata();
  return JSON.parse(
    JSON.stringify({
      ...unsaved,
      metadata_version: 1,
      model_id: 'alert_scorer_simnet_v1.0.0_20250202_000000',
      created_at: '2025-02-02T00:00:00Z',
      split: { ...unsaved.split, holdout_file: 'holdout.txt' },
      files: {},
      feature_plan,
    }),
  );
};

describe('figures of a model', () => {
  it('that are shares are from 0 to 1', () => {
    const file = written(plan) as { metrics: Record<string, unknown> };
    const withFigure = (name: string, value: unknown) => ({
      ...file,
      metrics: { ...file.metrics, [name]: value },
    });
    expect(modelMetadataSchema.safeParse(withFigure('test_auc', null)).success).toBe(true);
    for (const [name, value] of [
      ['test_auc', 1e308],
      ['test_pr_auc', 7],
      ['test_brier', -3],
      ['test_ece', 1.5],
      ['test_log_loss', -1],
      ['cv_scores', [2]],
    ] as const) {
      expect(modelMetadataSchema.safeParse(withFigure(name, value)).success).toBe(false);
    }
  });
});

describe('the feature plan of a model', () => {
  it('keeps which columns are excluded', () => {
    const excluded = ['severity_encoded', 'alert_confidence_score'];
    expect(modelMetadataSchema.parse(written({ ...plan, excluded })).feature_plan).toEqual({
      ...plan,
      excluded,
    });
  });

  it('of an older file excludes none', () => {
    expect(modelMetadataSchema.parse(written(plan)).feature_plan).toEqual(plan);
  });

  it('is refused where what it excludes is no list of names', () => {
    expect(modelMetadataSchema.safeParse(written({ ...plan, excluded: 'severity_encoded' })).success).toBe(
      false,
    );
    expect(modelMetadataSchema.safeParse(written({ ...plan, excluded: [1] })).success).toBe(false);
  });
});
