import {
  type FeatureMatrix,
  InvalidInputError,
  RiskScoringError,
  throwIfCancelled,
} from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import { readAlertRows } from './alert-rows.ts';
import { columnsOf, type FeaturePlan, groupsOfPlan, schemaHash } from './catalogue.ts';
import type { FeatureGroup } from './feature-group.ts';

/** A snapshot to build features for. */
export interface FeatureSnapshot {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** How many alerts it has. */
  readonly alerts: number;
}

/** Options of {@link buildFeatureMatrix}. */
export interface BuildOptions {
  /** In the order of the matrix's rows. */
  readonly snapshots: readonly FeatureSnapshot[];
  readonly plan: FeaturePlan;
  /** Where the plan's groups are found; those of this package by default. */
  readonly groups?: readonly FeatureGroup[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly snapshots: string;
  }) => void;
}

/** Features that do not line up with their alerts: a broken group, or rows that changed while they were read. */
export class FeatureAlignmentError extends RiskScoringError {
  constructor(parts: { group: string; snapshots: string; expected: string; found: string }) {
    super({
      code: 'FEATURE_ALIGNMENT',
      category: 'data',
      summary: `The feature group '${parts.group}' does not line up with the alerts of ${parts.snapshots}.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'run it again if a snapshot was ingested meanwhile; otherwise mend the SQL of the group',
    });
  }
}

/** A query covers snapshots of about this many alerts: enough to pay for planning it, short enough to be stopped soon. */
const ALERTS_PER_QUERY = 50_000;

/**
 * Computes the features of every alert of some snapshots, in ClickHouse, a few snapshots and one group at a time.
 * Training and scoring both call this, so a row's features are the same bits in both.
 *
 * @param options snapshots must be of one window and in ascending order
 * @returns rows by processing date, then alert_id; values column-major on a SharedArrayBuffer
 * @throws {FeatureAlignmentError} when a group's rows are not exactly the snapshots' alerts
 * @example
 * const matrix = await buildFeatureMatrix(database, { snapshots, plan: { groups: ['alert'], encodings } });
 * matrix.values[column * matrix.rows + row];
 */
export async function buildFeatureMatrix(database: Database, options: BuildOptions): Promise<FeatureMatrix> {
  const { snapshots, plan } = options;
  assertAscending(snapshots);
  const groups = groupsOfPlan(plan, options.groups);
  const columns = columnsOf(groups);
  const rows = snapshots.reduce((sum, snapshot) => sum + snapshot.alerts, 0);
  const values = new Float32Array(
    new SharedArrayBuffer(rows * columns.length * Float32Array.BYTES_PER_ELEMENT),
  );
  const chunks = chunkSnapshots(snapshots);
  const total = chunks.length * groups.length;
  const alerts: Table[] = [];
  let firstRow = 0;
  let done = 0;
  for (const chunk of chunks) {
    const base = await readAlerts(database, chunk);
    let firstColumn = 0;
    for (const group of groups) {
      throwIfCancelled(options.signal, `computing the ${group.name} features of ${chunk.name}`);
      const table = await readGroup(database, group, { chunk, plan });
      checkAlignment(base, table, { group: group.name, snapshots: chunk.name });
      group.columns.forEach((column, index) => {
        copyColumn(table, column.name, values.subarray((firstColumn + index) * rows + firstRow));
      });
      firstColumn += group.columns.length;
      done += 1;
      options.onProgress?.({ done, total, snapshots: chunk.name });
    }
    alerts.push(base);
    firstRow += base.numRows;
  }
  const [first, ...rest] = alerts;
  if (first === undefined) throw new RangeError('buildFeatureMatrix needs at least one snapshot');
  return {
    values,
    rows,
    columns,
    ...readAlertRows(first.concat(...rest)),
    schemaHash: schemaHash(groups, plan.encodings),
  };
}

/** Snapshots whose features one query computes. */
interface Chunk {
  readonly dates: readonly string[];
  readonly windowDays: number;
  readonly alerts: number;
  /** For messages: `2020-01-01 to 2020-03-01`. */
  readonly name: string;
}

function assertAscending(snapshots: readonly FeatureSnapshot[]): void {
  snapshots.forEach((snapshot, index) => {
    const before = snapshots[index - 1];
    if (
      before &&
      (before.processingDate >= snapshot.processingDate || before.windowDays !== snapshot.windowDays)
    ) {
      throw new InvalidInputError({
        what: 'The list of snapshots',
        expected: 'snapshots of one window with ascending dates',
        found: `${snapshot.processingDate} (window ${snapshot.windowDays}) after ${before.processingDate} (window ${before.windowDays})`,
      });
    }
  });
}

function chunkSnapshots(snapshots: readonly FeatureSnapshot[]): Chunk[] {
  const chunks: FeatureSnapshot[][] = [];
  let alerts = Number.POSITIVE_INFINITY;
  for (const snapshot of snapshots) {
    if (alerts + snapshot.alerts > ALERTS_PER_QUERY) {
      chunks.push([]);
      alerts = 0;
    }
    chunks.at(-1)?.push(snapshot);
    alerts += snapshot.alerts;
  }
  return chunks.map((list) => {
    const dates = list.map((snapshot) => snapshot.processingDate);
    return {
      dates,
      windowDays: list[0]?.windowDays ?? 0,
      alerts: list.reduce((sum, snapshot) => sum + snapshot.alerts, 0),
      name: dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : `${dates[0]}`,
    };
  });
}

/** One row: one alert of the snapshots, with a number that stands for its date and id. */
async function readAlerts(database: Database, chunk: Chunk): Promise<Table> {
  const table = await database.arrow({
    sql: `SELECT cityHash64(processing_date, alert_id) AS row_key, processing_date, alert_id, address
FROM published_alerts
WHERE processing_date IN {processing_dates:Array(Date)} AND window_days = {window_days:UInt16}
ORDER BY processing_date, alert_id`,
    params: { processing_dates: chunk.dates, window_days: chunk.windowDays },
    doing: `reading the alerts of ${chunk.name}`,
  });
  if (table.numRows !== chunk.alerts) {
    throw new FeatureAlignmentError({
      group: 'keys',
      snapshots: chunk.name,
      expected: `${chunk.alerts} alerts`,
      found: `${table.numRows}`,
    });
  }
  return table;
}

/** One row: one alert of the snapshots with the group's features as float32, NaN where unknown. */
function readGroup(
  database: Database,
  group: FeatureGroup,
  { chunk, plan }: { chunk: Chunk; plan: FeaturePlan },
): Promise<Table> {
  const encodings = Object.keys(group.encodings ?? {}).map((name) => [
    `encoding_${name}`,
    plan.encodings[name] ?? [],
  ]);
  return database.arrow({
    sql: `SELECT
    cityHash64(processing_date, alert_id) AS row_key,
    ${group.columns.map(({ name }) => `toFloat32(ifNull(${name}, nan)) AS \`${name}\``).join(',\n    ')}
FROM
(
${group.sql}
) AS features
ORDER BY processing_date, alert_id
SETTINGS join_use_nulls = 1`,
    params: {
      processing_dates: chunk.dates,
      window_days: chunk.windowDays,
      ...Object.fromEntries(encodings),
    },
    doing: `computing the ${group.name} features of ${chunk.name}`,
  });
}

function checkAlignment(base: Table, table: Table, where: { group: string; snapshots: string }): void {
  if (table.numRows !== base.numRows) {
    throw new FeatureAlignmentError({
      ...where,
      expected: `${base.numRows} rows`,
      found: `${table.numRows} rows`,
    });
  }
  const expected = rowKeys(base);
  const found = rowKeys(table);
  const wrong = expected.findIndex((key, row) => key !== found[row]);
  if (wrong >= 0) {
    throw new FeatureAlignmentError({
      ...where,
      expected: `alert ${String(base.getChild('alert_id')?.get(wrong))} in row ${wrong}`,
      found: 'another alert',
    });
  }
}

function rowKeys(table: Table): BigUint64Array {
  const keys = new BigUint64Array(table.numRows);
  let offset = 0;
  for (const data of table.getChild('row_key')?.data ?? []) {
    keys.set(data.values.subarray(0, data.length), offset);
    offset += data.length;
  }
  return keys;
}

/** Copies a float32 Arrow column, in however many batches it came, to the start of `target`. */
function copyColumn(table: Table, name: string, target: Float32Array): void {
  let offset = 0;
  for (const data of table.getChild(name)?.data ?? []) {
    target.set((data.values as Float32Array).subarray(0, data.length), offset);
    offset += data.length;
  }
}
