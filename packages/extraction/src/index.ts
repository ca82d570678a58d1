export { FeaturesMissingError, featureCoverage } from './coverage.ts';
export type { ExtractedPeriod, ExtractOptions } from './extract.ts';
export { extractTrainingData } from './extract.ts';
export type { TableFingerprint } from './fingerprint.ts';
export { fingerprintPeriod } from './fingerprint.ts';
export { validatePeriod } from './period.ts';
export { assertUsable, InvalidDataError } from './quality.ts';
export type { SnapshotSummary } from './snapshots.ts';
export { listSnapshots, snapshotsOfPeriod } from './snapshots.ts';
