import { RiskScoringError } from '@risk-scoring/contract';

/** Features that do not line up with their rows: a broken group, or rows that changed while they were read. */
export class FeatureAlignmentError extends RiskScoringError {
  constructor(parts: { group: string; snapshots: string; expected: string; found: string }) {
    super({
      code: 'FEATURE_ALIGNMENT',
      category: 'data',
      summary: `The feature group '${parts.group}' does not line up with the rows of ${parts.snapshots}.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend the SQL of the group, or run it again if a snapshot was changed by hand meanwhile',
    });
  }
}

/** A snapshot was published again while its features were computed: some would be of the old rows, some of the new ones. */
export class SnapshotsReplacedError extends RiskScoringError {
  constructor(parts: { through: string }) {
    super({
      code: 'DATA_CHANGED',
      category: 'data',
      summary: `Snapshots up to ${parts.through} were published while features were computed from them.`,
      expected: 'the same published batches from beginning to end',
      found: 'others',
      remedy: 'run it again, and ingest before or after',
    });
  }
}

/** Two rows of raw_features for one address of a snapshot: nobody can say which one counts. */
export class DuplicateFeaturesError extends RiskScoringError {
  constructor(parts: { snapshot: string; addresses: readonly string[]; count: number }) {
    super({
      code: 'DUPLICATE_FEATURES',
      category: 'data',
      summary: `raw_features has several rows for the same address in the snapshot of ${parts.snapshot}.`,
      expected: 'one row per address and snapshot, hex addresses compared without their letter case',
      found: `${parts.count} such addresses, among them ${parts.addresses.join(', ')}`,
      remedy: 'remove the rows that were inserted twice, or ingest the snapshot again with --force',
    });
  }
}
