import type { ModelType } from '@risk-scoring/contract';

/** With fewer groups of a class, a bootstrap over them says little. */
export const FEWEST_GROUPS = 20;

/** What rows are resampled by, in words. */
export function groupsAre(modelType: ModelType): string {
  return modelType === 'cluster_scorer' ? 'groups of clusters' : 'addresses';
}
