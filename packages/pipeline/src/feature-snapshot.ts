import type { SnapshotSummary } from '@risk-scoring/extraction';
import type { FeatureSnapshot } from '@risk-scoring/features';

/** A snapshot as the feature matrix asks for it. */
export function featureSnapshot({ processingDate, windowDays, alerts }: SnapshotSummary): FeatureSnapshot {
  return { processingDate, windowDays, rows: alerts };
}
