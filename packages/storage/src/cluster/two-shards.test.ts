import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressKeySql } from '../address-key-sql.ts';
import { readMigrations } from '../migrations.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { clusterSettings, clusterStatements, colocatedJoin, localTable, placement } from './index.ts';

/*
 * Two shards that are one engine: a cluster of this process twice. Both shards read the same local tables, so the local
 * views keep of them the rows that the sharding key gives to the shard that asks. MergeTree stands for its replicated kin, which
 * wants a Keeper, and ON CLUSTER, which wants a server, is left out. All else is as clusterStatements wrote it.
 * The database `single` holds the same rows on one node and says what is right.
 */
const configuration = `<clickhouse>
  <tcp_port>9000</tcp_port>
  <remote_servers><two>
    <shard><replica><host>localhost</host><port>9000</port></replica></shard>
    <shard><replica><host>localhost</host><port>9000</port></replica></shard>
  </two></remote_servers>
</clickhouse>`;

const statements = readMigrations(new URL('../../../../schema/', import.meta.url)).flatMap(
  (migration) => migration.statements,
);
const scratch = scratchFolder();
let engine: Session;

beforeAll(() => {
  const file = path.join(scratch.folder, 'config.xml');
  writeFileSync(file, configuration);
  engine = new Session(path.join(scratch.folder, 'data'), { connectionArgs: [`--config-file=${file}`] });
  for (const database of ['single', 'sharded']) engine.query(`CREATE DATABASE ${database}`);
  for (const statement of statements) run('single', statement);
  migrate(statements);
  fill();
});
afterAll(() => {
  engine.close();
  scratch.remove();
});

describe('two shards', () => {
  it('are two shards to the engine', () => {
    const [row] = ask<{ shards: number }>(
      'sharded',
      'SELECT toUInt8(uniqExact(shardNum())) AS shards FROM published_alerts',
    );
    expect(row?.shards).toBe(2);
  });

  it('are asked for an address by its key, in whichever letter case', () => {
    const skip = { ...clusterSettings, optimize_skip_unused_shards: 1, force_optimize_skip_unused_shards: 2 };
    const shardOf = (address: string) =>
      ask<{ shard: number; n: number }>(
        'sharded',
        `SELECT toUInt8(shardNum()) AS shard, toUInt8(count()) AS n FROM raw_alerts WHERE address = '${address}' GROUP BY shard`,
        skip,
      );
    const addresses = ask<{ address: string }>('single', 'SELECT DISTINCT address FROM raw_alerts');
    const shards = new Set<number>();
    for (const { address } of addresses) {
      const [found, ...others] = shardOf(address);
      expect(others).toEqual([]);
      shards.add(found?.shard ?? 0);
      // The view of that shard keeps the row, so the views share out the rows as the engine does.
      const [seen] = ask<{ n: number }>(
        'sharded',
        `SELECT toUInt8(count()) AS n FROM published_alerts WHERE address = '${address}'`,
        skip,
      );
      const [right] = ask<{ n: number }>(
        'single',
        `SELECT toUInt8(count()) AS n FROM published_alerts WHERE address = '${address}'`,
      );
      expect(seen).toEqual(right);
    }
    expect([...shards].sort()).toEqual([1, 2]);
    const [hex] = ask<{ lower: string; upper: string }>(
      'single',
      "SELECT anyIf(address, address = lower(address)) AS lower, anyIf(address, address != lower(address)) AS upper FROM raw_alerts WHERE lower(address) = '0xa1'",
    );
    expect(hex).toEqual({ lower: '0xa1', upper: '0xA1' });
    expect(shardOf('0xa1')[0]?.shard).toBe(shardOf('0xA1')[0]?.shard);
  });

  const address = addressKeySql('address');
  const side = (columns: string, table: string) =>
    `(SELECT processing_date, ${columns} FROM ${table} WHERE window_days = 30)`;
  const questions: Record<string, string> = {
    'all rows of a published table': 'SELECT * EXCEPT (created_at) FROM published_alerts ORDER BY ALL',
    'sums by date':
      'SELECT processing_date, count(), sum(amount_usd_sum), uniqExact(from_address) FROM published_money_flows GROUP BY ALL ORDER BY ALL',
    'published scores': 'SELECT alert_id, score FROM published_alert_scores ORDER BY ALL',
    'which batches count': 'SELECT table_name, published_batch_id FROM published_table_batches ORDER BY ALL',
    'alerts beside the features of their address': `SELECT a.processing_date, a.alert_id, f.degree_in
FROM ${side(`alert_id, ${address} AS k`, 'published_alerts')} AS a
LEFT JOIN ${side(`degree_in, ${address} AS k`, 'published_features')} AS f ON a.processing_date = f.processing_date AND a.k = f.k
ORDER BY ALL`,
    'flows beside the labels of whom they reach, on another shard': `SELECT count(), sum(m.tx_count)
FROM published_money_flows AS m JOIN published_address_labels AS l ON m.to_address = l.address`,
    'clusters beside the alerts they name, sharded by another key': `SELECT c.cluster_id, a.alert_id
FROM published_clusters AS c JOIN published_alerts AS a ON c.primary_alert_id = a.alert_id ORDER BY ALL`,
    'members of a list that another shard holds':
      'SELECT count() FROM published_money_flows WHERE to_address IN (SELECT address FROM published_alerts)',
    'those that are in no such list':
      'SELECT count() FROM published_features WHERE address NOT IN (SELECT to_address FROM published_money_flows)',
    'labels of two tables':
      'SELECT * FROM (SELECT address, label FROM published_address_labels UNION ALL SELECT address, label FROM published_miner_labels) ORDER BY ALL',
  };
  it.each(Object.entries(questions))('answer as one node does: %s', (_, sql) => {
    const right = ask('single', sql);
    expect(right.length).toBeGreaterThan(0);
    expect(ask('sharded', sql, clusterSettings)).toEqual(right);
  });

  it('may join on the sharding key without sending tables, and lose rows where a query does so on another', () => {
    const local = { ...clusterSettings, ...colocatedJoin };
    const onKey = `SELECT a.alert_id AS id, f.degree_in AS degree
FROM published_alerts AS a
LEFT JOIN (SELECT processing_date AS d, ${address} AS k, degree_in FROM published_features) AS f
    ON a.processing_date = f.d AND ${addressKeySql('a.address')} = f.k
ORDER BY ALL`;
    const right = ask('single', onKey);
    expect(right.length).toBeGreaterThan(0);
    expect(ask('sharded', onKey, local)).toEqual(right);

    const onOther = questions['flows beside the labels of whom they reach, on another shard'] ?? '';
    expect(ask('sharded', onOther, local)).not.toEqual(ask('single', onOther));
  });

  it('take an insert into a Distributed table at once, each row once', () => {
    const row = "SELECT 30, toDate('2020-01-03'), 'hand-1', '0xAB', 't', 0.5, '', 1, '', []";
    const columns =
      'window_days, processing_date, alert_id, address, typology_type, alert_confidence_score, description, volume_usd, evidence_json, risk_indicators';
    run('single', `INSERT INTO raw_alerts (${columns}) ${row}`);
    run('sharded', `INSERT INTO raw_alerts (${columns}) ${settings(clusterSettings)} ${row}`);
    const sql = "SELECT count() FROM published_alerts WHERE alert_id = 'hand-1'";
    expect(ask('sharded', sql, clusterSettings)).toEqual(ask('single', sql));
    expect(
      ask('sharded', "SELECT toUInt8(count()) AS n FROM raw_alerts_local WHERE alert_id = 'hand-1'"),
    ).toEqual([{ n: 1 }]);
  });

  it('delete from the local table; the engine refuses it on the Distributed one', () => {
    const where = "WHERE alert_id = 'alert-2'";
    expect(() => run('sharded', `DELETE FROM raw_alerts ${where}`)).toThrow(/not supported/);
    run('sharded', `DELETE FROM ${localTable('raw_alerts')} ${where}`);
    run('single', `DELETE FROM raw_alerts ${where}`);
    const sql = 'SELECT count() FROM published_alerts';
    expect(ask('sharded', sql, clusterSettings)).toEqual(ask('single', sql));
  });

  it('show a column that a later migration adds and a view that it replaces, also after a repetition', () => {
    const later = [
      "ALTER TABLE raw_alerts ADD COLUMN IF NOT EXISTS region String DEFAULT concat('r', alert_id)",
      `CREATE OR REPLACE VIEW published_alerts AS
SELECT * EXCEPT (description), upper(region) AS region_name FROM raw_alerts
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'raw_alerts')`,
      'DROP VIEW IF EXISTS published_miner_labels',
    ];
    for (const statement of later) run('single', statement);
    migrate(later);
    migrate([...statements, ...later]);
    for (const sql of [
      'SELECT * EXCEPT (created_at) FROM published_alerts ORDER BY ALL',
      'SELECT count(), sum(degree_in) FROM published_features',
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'published_miner%'",
    ]) {
      expect(ask('sharded', sql, clusterSettings)).toEqual(ask('single', sql));
    }
    expect(() => ask('sharded', 'SELECT description FROM published_alerts', clusterSettings)).toThrow(
      /description/,
    );
  });
});

describe('clusterSettings', () => {
  it('are settings of this engine, with values that it takes', () => {
    const names = Object.keys({ ...clusterSettings, ...colocatedJoin });
    const known = ask<{ name: string }>(
      'single',
      `SELECT name FROM system.settings WHERE NOT is_obsolete AND name IN (${names.map((name) => `'${name}'`).join(', ')})`,
    );
    expect(known.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(ask('single', 'SELECT 1 AS one', clusterSettings)).toEqual([{ one: 1 }]);
  });
});

function migrate(migrations: readonly string[]): void {
  for (const sql of migrations.flatMap((statement) => clusterStatements(statement, 'two'))) {
    expect(sql).toContain(" ON CLUSTER 'two'");
    const onOneNode = sql
      .replace(" ON CLUSTER 'two'", '')
      .replace(/Replicated(\w*MergeTree)\('[^']*', '[^']*'/, '$1(');
    run('sharded', shared(onOneNode));
  }
}

/** A local view as the shard that asks would have it: of the rows that the sharding key gives to that shard. */
function shared(sql: string): string {
  const [, head, name, select] = /^(CREATE .*VIEW.* (\w+)_local AS)\n(.*)$/s.exec(sql) ?? [];
  const place = placement[name ?? ''];
  if (place?.kind !== 'sharded') return sql;
  return `${head} SELECT * FROM (${select}) WHERE cityHash64(${place.by}) % 2 + 1 = shardNum()`;
}

/** The same rows on one node and on the shards: a replaced batch, the one that counts, an unpublished one, rows of no batch. */
function fill(): void {
  const batch = "['old', 'new', 'lost', ''][1 + intDiv(number, 2) % 4] AS batch_id";
  const of = (prefix: string, n: string) =>
    `if(${n} % 3 = 0, concat('0x', if(number % 2 = 0, 'A', 'a'), toString(${n})), concat('${prefix}', toString(${n})))`;
  const snapshot = "30 AS window_days, toDate('2020-01-01') + (number % 2) AS processing_date";
  const rows: Record<string, string> = {
    raw_alerts: `SELECT ${snapshot}, concat('alert-', toString(number)) AS alert_id, if(number < 2, if(number = 0, '0xA1', '0xa1'), ${of('bc1', 'number % 23')}) AS address, number AS volume_usd, ${batch}`,
    raw_features: `SELECT ${snapshot}, ${of('bc1', 'number % 23')} AS address, number AS degree_in, '' AS batch_id`,
    raw_money_flows: `SELECT ${snapshot}, ${of('bc1', 'number % 23')} AS from_address, ${of('bc1', '(number * 7) % 31')} AS to_address, number AS tx_count, number AS amount_usd_sum, ${batch}`,
    raw_address_labels: `SELECT ${snapshot}, 'net' AS network, ${of('bc1', 'number % 31')} AS address, toString(number % 5) AS label, ${batch}`,
    raw_clusters: `SELECT ${snapshot}, concat('cluster-', toString(number)) AS cluster_id, concat('alert-', toString(number * 3)) AS primary_alert_id, ${batch}`,
    miner_labels: `SELECT ${of('bc1', 'number % 31')} AS address, toString(number % 5) AS label, '' AS batch_id`,
    alert_scores: `SELECT ${snapshot}, concat('alert-', toString(number)) AS alert_id, ${of('bc1', 'number % 23')} AS address, number / 100 AS score, 'm' AS model_id, ${batch}`,
    ingestions: `SELECT ${snapshot}, ['old', 'new'][1 + intDiv(number, 2)] AS batch_id, 1 + intDiv(number, 2) AS sequence,
        mapFromArrays(tables, arrayMap(name -> batch_id, tables)) AS table_batches, mapFromArrays(tables, arrayMap(name -> toUInt64(1), tables)) AS table_rows
    FROM (SELECT number, ['raw_alerts', 'raw_features', 'raw_money_flows', 'raw_address_labels', 'raw_clusters'] AS tables FROM numbers(4))`,
    batch_metadata: `SELECT ${snapshot}, 'new' AS batch_id, 'alert_scorer' AS model_type, ['m'] AS model_ids, 1 AS sequence, 'complete' AS status FROM numbers(2)`,
  };
  for (const [table, select] of Object.entries(rows)) {
    const source = select.includes('FROM numbers') ? select : `${select} FROM numbers(97)`;
    const names = ask<{ name: string }>('single', `DESCRIBE (${source})`).map(({ name }) => name);
    const insert = (name: string) =>
      `INSERT INTO ${name} (${names.filter((column) => column !== 'number' && column !== 'tables').join(', ')}) ${source}`;
    run('single', insert(table));
    run('sharded', insert(localTable(table)));
  }
}

function run(database: 'single' | 'sharded', sql: string): void {
  engine.query(`USE ${database}`);
  engine.query(sql);
}

function ask<Row>(
  database: 'single' | 'sharded',
  sql: string,
  set: Readonly<Record<string, string | number>> = {},
): Row[] {
  engine.query(`USE ${database}`);
  return engine
    .query(`${sql} ${settings(set)}`, 'JSONEachRow')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

function settings(set: Readonly<Record<string, string | number>>): string {
  const all = Object.entries(set).map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? `'${value}'` : value}`,
  );
  return all.length === 0 ? '' : `SETTINGS ${all.join(', ')}`;
}
