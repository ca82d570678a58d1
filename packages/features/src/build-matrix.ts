import { type FeatureMatrix, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
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
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly snapshot: string;
  }) => void;
}

/** Features that do not line up with their alerts: a broken group, or rows that changed while they were read. */
export class FeatureAlignmentError extends RiskScoringError {
  constructor(parts: { group: string; snapshot: string; expected: string; found: string }) {
    super({
      code: 'FEATURE_ALIGNMENT',
      category: 'data',
      summary: `The feature group '${parts.group}' does not line up with the alerts of ${parts.snapshot}.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'run it again if a snapshot was ingested meanwhile; otherwise mend the SQL of the group',
    });
  }
}

/**
 * Computes the features of every alert of some snapshots, in ClickHouse, one snapshot and group at a time.
 * Training and scoring both call this, so a row's features are the same bits in both.
 *
 * @returns rows by snapshot, then alert_id; values column-major on a SharedArrayBuffer
 * @throws {FeatureAlignmentError} when a group's rows are not exactly the snapshot's alerts
 * @example
 * const matrix = await buildFeatureMatrix(database, { snapshots, plan: { groups: ['alert'], encodings } });
 * matrix.values[column * matrix.rows + row];
 */
export async function buildFeatureMatrix(database: Database, options: BuildOptions): Promise<FeatureMatrix> {
  const { snapshots, plan } = options;
  const groups = groupsOfPlan(plan);
  const columns = columnsOf(groups);
  const rows = snapshots.reduce((sum, snapshot) => sum + snapshot.alerts, 0);
  const values = new Float32Array(
    new SharedArrayBuffer(rows * columns.length * Float32Array.BYTES_PER_ELEMENT),
  );
  const total = snapshots.length * groups.length;
  const alerts: Table[] = [];
  let firstRow = 0;
  let done = 0;
  for (const snapshot of snapshots) {
    const base = await readAlerts(database, snapshot);
    let firstColumn = 0;
    for (const group of groups) {
      throwIfCancelled(options.signal, `computing the ${group.name} features of ${snapshot.processingDate}`);
      const table = await readGroup(database, group, { snapshot, plan });
      checkAlignment(base, table, { group: group.name, snapshot: snapshot.processingDate });
      group.columns.forEach((column, index) => {
        copyColumn(table, column.name, values.subarray((firstColumn + index) * rows + firstRow));
      });
      firstColumn += group.columns.length;
      done += 1;
      options.onProgress?.({ done, total, snapshot: snapshot.processingDate });
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

/** One row: one alert of the snapshot, with a number that stands for its id. */
async function readAlerts(database: Database, snapshot: FeatureSnapshot): Promise<Table> {
  const table = await database.arrow({
    sql: `SELECT cityHash64(alert_id) AS row_key, processing_date, alert_id, address
FROM published_alerts
WHERE processing_date = {processing_date:Date} AND window_days = {window_days:UInt16}
ORDER BY alert_id`,
    params: { processing_date: snapshot.processingDate, window_days: snapshot.windowDays },
    doing: `reading the alerts of ${snapshot.processingDate}`,
  });
  if (table.numRows !== snapshot.alerts) {
    throw new FeatureAlignmentError({
      group: 'keys',
      snapshot: snapshot.processingDate,
      expected: `${snapshot.alerts} alerts`,
      found: `${table.numRows}`,
    });
  }
  return table;
}

/** One row: one alert of the snapshot with the group's features as float32, NaN where unknown. */
function readGroup(
  database: Database,
  group: FeatureGroup,
  { snapshot, plan }: { snapshot: FeatureSnapshot; plan: FeaturePlan },
): Promise<Table> {
  const encodings = Object.keys(group.encodings ?? {}).map((name) => [
    `encoding_${name}`,
    plan.encodings[name] ?? [],
  ]);
  return database.arrow({
    sql: `SELECT
    cityHash64(alert_id) AS row_key,
    ${group.columns.map(({ name }) => `toFloat32(ifNull(${name}, nan)) AS \`${name}\``).join(',\n    ')}
FROM
(
${group.sql}
) AS features
ORDER BY alert_id
SETTINGS join_use_nulls = 1`,
    params: {
      processing_date: snapshot.processingDate,
      window_days: snapshot.windowDays,
      ...Object.fromEntries(encodings),
    },
    doing: `computing the ${group.name} features of ${snapshot.processingDate}`,
  });
}

function checkAlignment(base: Table, table: Table, where: { group: string; snapshot: string }): void {
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
