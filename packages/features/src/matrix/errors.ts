import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';

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

/** A group about clusters among those of a matrix of alerts. */
export class ClusterGroupError extends InvalidInputError {
  constructor(group: string) {
    super({
      what: `The feature group '${group}' in a matrix of alerts`,
      expected: 'groups per alert or per address',
      found: 'one per cluster',
      remedy: 'leave it out here, or build a matrix of clusters with buildClusterMatrix',
    });
  }
}

/** Every column of the groups is excluded. */
export class NoFeaturesLeftError extends RiskScoringError {
  constructor(parts: { groups: readonly string[] }) {
    super({
      code: 'NO_FEATURES_LEFT',
      category: 'input',
      summary: 'No feature is left to learn from.',
      expected: 'at least one column that is not excluded',
      found: `all columns of ${parts.groups.join(', ')} excluded`,
      remedy: 'add a group whose columns do not depend on what the labels are made of',
    });
  }
}

const aboutValues =
  /^(ILLEGAL_DIVISION|FUNCTION_THROW_IF_VALUE_IS_NON_ZERO|DECIMAL_OVERFLOW|CANNOT_PARSE_|CANNOT_CONVERT_TYPE|ARGUMENT_OUT_OF_BOUND|SIZES_OF_ARRAYS|TOO_LARGE_ARRAY_SIZE|VALUE_IS_OUT_OF_RANGE)/;

/** A group's SQL that fails on some rows, such as at a division by zero. */
export class FeatureSqlError extends RiskScoringError {
  constructor(parts: { group: string; snapshots: string; found: string; cause: unknown }) {
    super({
      code: 'FEATURE_SQL_FAILED',
      category: 'data',
      summary: `The SQL of the feature group '${parts.group}' failed on the rows of ${parts.snapshots}.`,
      expected: 'SQL that gives a number or NULL for every row',
      found: parts.found,
      remedy:
        'guard what can fail: nullIf(…, 0) under a division, …OrNull for what is parsed, or mend the row',
      cause: parts.cause,
    });
  }

  /** Whether a failure of the engine came of the values in some rows. */
  static isAboutValues(error: unknown): error is RiskScoringError {
    const { type } = ((error as Error | undefined)?.cause ?? {}) as { type?: string };
    return (
      RiskScoringError.isInstance(error) && error.code === 'DATABASE_ERROR' && aboutValues.test(type ?? '')
    );
  }
}
