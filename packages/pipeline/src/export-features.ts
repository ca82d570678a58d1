import path from 'node:path';
import {
  type FeatureGroup,
  type FeatureMatrix,
  InvalidInputError,
  type TrainingPeriod,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { assertUsable, snapshotsOfPeriod, validatePeriod } from '@risk-scoring/extraction';
import {
  ALL_GROUPS,
  buildFeatureMatrix,
  checkFeatureGroup,
  DEFAULT_GROUPS,
  type Encodings,
  type FeaturePlan,
  planOf,
  SnapshotsReplacedError,
} from '@risk-scoring/features';
import { type Database, publishedBatches } from '@risk-scoring/storage';
import type { RecordBatch, Schema } from 'apache-arrow';
import { assertNetwork } from './assert-network.ts';
import { encodingsOfPeriod } from './export-features/encodings-of-period.ts';
import { matrixBatches, matrixSchema } from './export-features/matrix-batches.ts';
import { MATRIX_FORMATS } from './export-features/matrix-formats.ts';
import { assertWritable, writeWhole } from './export-features/whole-file.ts';
import { featureSnapshot } from './feature-snapshot.ts';

/** Options of {@link exportFeatures}. */
export interface ExportFeaturesOptions {
  readonly period: TrainingPeriod;
  /** The default groups when left out. */
  readonly featureGroups?: readonly FeatureGroup[];
  /** Where to: `.parquet` or `.arrow`. */
  readonly out: string;
  /** Whether a file that is there is replaced; it is not by default. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Groups of snapshots while features are computed, then rows while they are written. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** How far an export is. */
export interface ExportProgress {
  readonly stage: 'features' | 'writing the file';
  readonly done: number;
  readonly total: number;
  readonly detail?: string;
  /** Rows written, and how many there will be. */
  readonly rows?: number;
  readonly totalRows?: number;
}

/** What was exported. */
export interface ExportedFeatures {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  /** Feature columns; processing_date, alert_id and address stand before them. */
  readonly features: number;
  readonly groups: readonly string[];
  readonly snapshots: number;
  readonly network: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly window_days: number;
  readonly schema_hash: string;
  /** What the codes of the categorical columns stand for: the values that occur in the period, in alphabetical order. */
  readonly encodings: Encodings;
}

/**
 * Writes the features of every alert of a period to a file, as `trainModel` and `scoreSnapshot` compute them: processing_date, alert_id, address, then
 * each feature as float32 with NaN where it is unknown. An address is spelt as it first stands in the period.
 *
 * Two things depend on who asks: codes of categories count the values of this period (a model keeps those of its training rows), and groups that read
 * labels see all of them but the address's own, as in scoring. The file's metadata says the schema hash, the encodings and what each column means.
 *
 * @throws {InvalidInputError} for a period, a name or an ending that cannot be meant, or a file that is there already
 * @throws {NoAlertsFoundError} when the period holds no alert
 * @throws {InvalidDataError} when rows would make features wrong
 * @throws {FileNotWrittenError} when the disk does not let it
 * @throws {CancelledError} soon after the signal aborts; no file is left
 * @example
 * await exportFeatures(database, {
 *   period: { network: 'ethereum', startDate: '2020-01-01', endDate: '2020-02-01', windowDays: 30 }, out: 'matrix.parquet',
 * });
 */
export async function exportFeatures(
  database: Database,
  options: ExportFeaturesOptions,
): Promise<ExportedFeatures> {
  const { period, featureGroups = DEFAULT_GROUPS, force = false } = options;
  const file = path.resolve(options.out);
  const encode = encoderOf(file);
  validatePeriod(period);
  assertNetwork(period, database.network);
  await assertWritable(file, { force });
  const { matrix, plan, snapshots } = await computeFeatures(database, featureGroups, options);
  const facts = {
    network: period.network,
    start_date: period.startDate,
    end_date: period.endDate,
    window_days: period.windowDays,
    schema_hash: matrix.schemaHash,
    groups: plan.groups,
    encodings: plan.encodings,
  };
  const schema = matrixSchema(matrix.columns, asTexts(facts));
  const bytes = await writeWhole(file, { force }, (sink) =>
    encode(reportedBatches(matrix, schema, options), schema, sink),
  );
  return { file, bytes, rows: matrix.rows, features: matrix.columns.length, snapshots, ...facts };
}

async function computeFeatures(
  database: Database,
  groups: readonly FeatureGroup[],
  { period, signal, onProgress }: ExportFeaturesOptions,
): Promise<{ matrix: FeatureMatrix; plan: FeaturePlan; snapshots: number }> {
  const snapshots = await snapshotsOfPeriod(database, period);
  await assertUsable(database, period);
  for (const group of groups) {
    throwIfCancelled(signal, `checking the group ${group.name}`);
    if (!ALL_GROUPS.includes(group)) await checkFeatureGroup(database, group);
  }
  const pin = { windowDays: period.windowDays, through: period.endDate };
  const { mark } = await publishedBatches(database, pin);
  const plan = planOf(groups, await encodingsOfPeriod(database, groups, period));
  const matrix = await buildFeatureMatrix(database, {
    snapshots: snapshots.map(featureSnapshot),
    plan,
    groups,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total, snapshots: detail }) =>
      onProgress?.({ stage: 'features', done, total, detail }),
  });
  if ((await publishedBatches(database, pin)).mark !== mark) {
    throw new SnapshotsReplacedError({ through: period.endDate });
  }
  return { matrix, plan, snapshots: snapshots.length };
}

async function* reportedBatches(
  matrix: FeatureMatrix,
  schema: Schema,
  { signal, onProgress }: ExportFeaturesOptions,
): AsyncGenerator<RecordBatch> {
  let rows = 0;
  for (const batch of matrixBatches(matrix, schema)) {
    // Otherwise nobody would hear that the work shall stop.
    await new Promise((resolve) => setImmediate(resolve));
    throwIfCancelled(signal, 'writing the file');
    yield batch;
    rows += batch.numRows;
    onProgress?.({
      stage: 'writing the file',
      done: rows,
      total: matrix.rows,
      rows,
      totalRows: matrix.rows,
    });
  }
}

function encoderOf(file: string): (typeof MATRIX_FORMATS)[string] {
  const ending = path.extname(file);
  const encode = Object.hasOwn(MATRIX_FORMATS, ending) ? MATRIX_FORMATS[ending] : undefined;
  if (encode) return encode;
  throw new InvalidInputError({
    what: 'The ending of the file to write',
    expected: `one of ${Object.keys(MATRIX_FORMATS).join(', ')}`,
    found: path.basename(file),
    remedy: 'write --out matrix.parquet',
  });
}

function asTexts(facts: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
