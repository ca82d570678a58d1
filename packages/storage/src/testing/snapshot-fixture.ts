import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Database } from '../database.ts';
import { RAW_TABLES, type RawTableName } from '../tables.ts';

/** What to write. */
export interface FixtureOptions {
  readonly folder: string;
  readonly network: string;
  readonly date?: string;
  readonly windowDays?: number;
  readonly alerts?: number;
  /** Another SELECT list for a table, over its plain columns: `* REPLACE (toString(volume_usd) AS volume_usd)`. */
  readonly select?: Partial<Record<RawTableName, string>>;
  /** Changes META.json before it is written. */
  readonly meta?: (meta: FixtureMeta) => unknown;
}

/** META.json as SOT writes it. */
export interface FixtureMeta {
  network: string;
  processing_date: string;
  window_days: number;
  files: Record<string, { md5: string; rows: number; bytes: number }>;
}

/**
 * Writes a small snapshot folder with real Parquet files, made by the engine from rows of the tables' own columns.
 * Alert i is of address i / 2; every address has features and a label.
 */
export async function writeSnapshot(database: Database, options: FixtureOptions): Promise<string> {
  const { folder, network, date = '2025-01-01', windowDays = 30, alerts = 6 } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sources = rowSources(alerts);
  const meta: FixtureMeta = { network, processing_date: date, window_days: windowDays, files: {} };
  for (const { name } of RAW_TABLES) {
    const file = path.join(folder, `${name}.parquet`);
    // The table's own columns in its own types, with defaults for what the row source does not name.
    await database.command({
      sql: `CREATE TABLE fixture_${name} AS ${name} ENGINE = Memory`,
      doing: 'making a fixture',
    });
    await database.command({
      sql: `INSERT INTO fixture_${name} (window_days, processing_date, created_at, ${sources[name].columns})
SELECT {window:UInt16}, {date:Date}, toDateTime({date:Date}), ${sources[name].values} FROM numbers({rows:UInt64})`,
      params: { window: windowDays, date, rows: sources[name].rows },
      doing: 'filling a fixture',
    });
    const labels =
      name === 'raw_alerts' ? ', label, label_source, label_confidence, labeled_at, labeled_by' : '';
    await database.command({
      sql: `INSERT INTO FUNCTION file({file:String}, 'Parquet') SELECT ${options.select?.[name] ?? '*'} FROM (SELECT * EXCEPT (batch_id${labels}) FROM fixture_${name})`,
      params: { file },
      doing: 'writing a fixture',
    });
    await database.command({ sql: `DROP TABLE fixture_${name}`, doing: 'dropping a fixture' });
    meta.files[`${name}.parquet`] = describeFile(file, sources[name].rows);
  }
  writeFileSync(path.join(folder, 'META.json'), JSON.stringify(options.meta?.(meta) ?? meta));
  return folder;
}

function describeFile(file: string, rows: number): { md5: string; rows: number; bytes: number } {
  return {
    md5: createHash('md5').update(readFileSync(file)).digest('hex'),
    rows,
    bytes: statSync(file).size,
  };
}

function rowSources(alerts: number): Record<RawTableName, { columns: string; values: string; rows: number }> {
  const addresses = Math.ceil(alerts / 2);
  const address = (index: string) => `concat('0x', leftPad(lower(hex(${index})), 40, '0'))`;
  return {
    raw_alerts: {
      columns: 'alert_id, address, typology_type, severity, alert_confidence_score, volume_usd',
      values: `concat('alert-', leftPad(toString(number), 8, '0')), ${address('intDiv(number, 2)')}, 'fan_in', 'high', 0.5, number`,
      rows: alerts,
    },
    raw_features: {
      columns: 'address, degree_in, total_in_usd, first_activity_timestamp, last_activity_timestamp',
      values: `${address('number')}, number, number, 0, 0`,
      rows: addresses,
    },
    raw_clusters: {
      columns: 'cluster_id, cluster_type, addresses_involved',
      values: `concat('cluster-', toString(number)), 'connected', [${address('number')}]`,
      rows: 1,
    },
    raw_money_flows: {
      columns: 'from_address, to_address, tx_count',
      values: `${address('number')}, ${address('number + 1')}, 1`,
      rows: addresses,
    },
    raw_address_labels: {
      columns: 'network, address, label, risk_level',
      values: `'simnet', ${address('number')}, 'x', if(number % 2 = 0, 'high', 'low')`,
      rows: addresses,
    },
  };
}
