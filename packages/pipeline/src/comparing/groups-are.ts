import type { ModelType } from '@risk-scoring/contract';

/** What rows are resampled by, in words. */
export function groupsAre(modelType: ModelType): string {
  return modelType === 'cluster_scorer' ? 'groups of clusters' : 'addresses';
}
