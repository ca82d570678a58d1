import type { ModelEvaluation, StoredModel } from '@risk-scoring/model-storage';
import { describe, expect, it } from 'vitest';
import { referenceOf } from './reference-of.ts';

const distribution = { edges: [0], shares: [0.5, 0.5], missing: 0 };

/** What is usual of the feature `a` and of the scores, where the snapshots of the training lie so far from one another. */
function usualOf(between: ModelEvaluation['reference']['psi_between_snapshots']) {
  const reference: ModelEvaluation['reference'] = {
    ...{ rows: 100, features: { a: distribution }, scores: distribution, score_rows: 100, snapshots: [] },
    ...(between === undefined ? {} : { psi_between_snapshots: between }),
  };
  const { features, scoresInTraining } = referenceOf({
    metadata: { model_id: 'm', feature_names: ['a'], feature_importances: { a: 1 } },
    evaluation: { evaluation_version: 1, holdout: null, reference },
  } as unknown as StoredModel);
  return [features[0]?.inTraining, scoresInTraining];
}

describe('what is usual among snapshots of the training', () => {
  it('is what four of five stay within, by nearest rank', () => {
    const ten = [0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.5, 7];
    expect(usualOf({ features: { a: [0.3, 9, 0.1, 0.2, 0.4] }, scores: ten })).toEqual([0.4, 0.8]);
  });

  it('is unknown where fewer than five can be compared', () => {
    expect(usualOf({ features: { a: [1, null, 1, 1, 1] }, scores: [] })).toEqual([null, null]);
  });

  it('is unknown for features that are not there, and for models of earlier versions', () => {
    expect(usualOf({ features: {}, scores: [1, 1, 1, 1, 1] })).toEqual([null, 1]);
    expect(usualOf(undefined)).toEqual([null, null]);
  });
});
