import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressKeySql } from '../address-key-sql.ts';
import { readMigrations } from '../migrations.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { clusterStatements, localTable, onCluster, placement } from './index.ts';

const statements = readMigrations(new URL('../../../../schema/', import.meta.url)).flatMap(
  (migration) => migration.statements,
);
const transformed = statements.flatMap((statement) => clusterStatements(statement, 'c'));
const shardedNames = Object.entries(placement)
  .filter(([, { kind }]) => kind === 'sharded')
  .map(([name]) => name);
const addressHash = `cityHash64(${addressKeySql('address')})`;

describe('clusterStatements', () => {
  it('replicates a sharded table within its shard and distributes over it', () => {
    expect(
      clusterStatements(
        `CREATE TABLE IF NOT EXISTS raw_alerts
(
    address String COMMENT 'as ) published',
    n       Decimal(38, 18)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, address)
SETTINGS index_granularity = 8192`,
        'main',
      ),
    ).toEqual([
      `CREATE TABLE IF NOT EXISTS raw_alerts_local ON CLUSTER 'main'
(
    address String COMMENT 'as ) published',
    n       Decimal(38, 18)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/main/{shard}/{database}/raw_alerts_local', '{replica}')
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, address)
SETTINGS index_granularity = 8192`,
      `CREATE TABLE IF NOT EXISTS raw_alerts ON CLUSTER 'main' AS raw_alerts_local
ENGINE = Distributed('main', currentDatabase(), 'raw_alerts_local', ${addressHash})`,
    ]);
  });

  it('makes one replicated table of one that stands everywhere, with no shard in its path', () => {
    expect(
      clusterStatements('create table if not exists ingestions (a Int) engine = MergeTree() order by a', 'c'),
    ).toEqual([
      `CREATE TABLE IF NOT EXISTS ingestions ON CLUSTER 'c'
(a Int)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/c/{database}/ingestions', '{shard}_{replica}')
order by a`,
    ]);
    expect(
      clusterStatements(
        'CREATE TABLE IF NOT EXISTS served_network (a Int, v Int) ENGINE = ReplacingMergeTree(v) ORDER BY a',
        'c',
      )[0],
    ).toContain(
      "ReplicatedReplacingMergeTree('/clickhouse/tables/c/{database}/served_network', '{shard}_{replica}', v)",
    );
  });

  it('puts a view of sharded tables on every node and a Distributed table over it', () => {
    const select = `SELECT * FROM raw_alerts
WHERE batch_id = 'FROM raw_alerts' -- raw_alerts
    OR batch_id IN (SELECT published_batch_id FROM published_batches)`;
    const local = select.replace('FROM raw_alerts\n', 'FROM raw_alerts_local\n');
    expect(clusterStatements(`CREATE VIEW IF NOT EXISTS published_alerts AS\n${select}`, 'c')).toEqual([
      `CREATE VIEW IF NOT EXISTS published_alerts_local ON CLUSTER 'c' AS\n${local}`,
      `CREATE TABLE IF NOT EXISTS published_alerts ON CLUSTER 'c' AS published_alerts_local
ENGINE = Distributed('c', currentDatabase(), 'published_alerts_local', ${addressHash})`,
    ]);
    expect(clusterStatements(`CREATE OR REPLACE VIEW published_alerts AS ${select}`, 'c')).toEqual([
      `CREATE OR REPLACE VIEW published_alerts_local ON CLUSTER 'c' AS\n${local}`,
      `CREATE OR REPLACE TABLE published_alerts ON CLUSTER 'c' AS published_alerts_local
ENGINE = Distributed('c', currentDatabase(), 'published_alerts_local', ${addressHash})`,
    ]);
    expect(clusterStatements('DROP VIEW IF EXISTS published_alerts', 'c')).toEqual([
      "DROP TABLE IF EXISTS published_alerts ON CLUSTER 'c'",
      "DROP VIEW IF EXISTS published_alerts_local ON CLUSTER 'c'",
    ]);
  });

  it('reads local tables wherever the view reads sharded ones: nested views, subqueries, both sides of a union', () => {
    const [view] = clusterStatements(
      `CREATE OR REPLACE VIEW published_address_labels AS
SELECT * EXCEPT (network) FROM (SELECT address, network FROM published_alerts)
UNION ALL
SELECT address FROM miner_labels WHERE data_set IN (SELECT batch_id FROM ingestions GROUP BY batch_id)`,
      'c',
    );
    expect(view).toBe(`CREATE OR REPLACE VIEW published_address_labels_local ON CLUSTER 'c' AS
SELECT * EXCEPT (network) FROM (SELECT address, network FROM published_alerts_local)
UNION ALL
SELECT address FROM miner_labels_local WHERE data_set IN (SELECT batch_id FROM ingestions GROUP BY batch_id)`);
  });

  it('keeps a view of tables that stand everywhere a view', () => {
    const select = 'SELECT argMax(batch_id, sequence) AS b FROM ingestions GROUP BY processing_date';
    expect(clusterStatements(`CREATE VIEW IF NOT EXISTS published_batches AS ${select}`, 'c')).toEqual([
      `CREATE VIEW IF NOT EXISTS published_batches ON CLUSTER 'c' AS\n${select}`,
    ]);
    expect(clusterStatements('DROP VIEW IF EXISTS published_batches', 'c')).toEqual([
      "DROP VIEW IF EXISTS published_batches ON CLUSTER 'c'",
    ]);
  });

  it('adds columns to the local table, then to the Distributed one', () => {
    const actions = `ADD COLUMN IF NOT EXISTS a Enum8('x, y' = 1, 'z' = 2),
    ADD COLUMN IF NOT EXISTS b Decimal(38, 18) AFTER a`;
    expect(clusterStatements(`ALTER TABLE raw_alerts\n    ${actions}`, 'c')).toEqual([
      `ALTER TABLE raw_alerts_local ON CLUSTER 'c'\n    ${actions}`,
      `ALTER TABLE raw_alerts ON CLUSTER 'c'\n    ${actions}`,
    ]);
    expect(clusterStatements('ALTER TABLE ingestions ADD COLUMN IF NOT EXISTS a Int8', 'c')).toEqual([
      "ALTER TABLE ingestions ON CLUSTER 'c'\n    ADD COLUMN IF NOT EXISTS a Int8",
    ]);
  });

  it('leaves out the deduplication window of tables that are not replicated', () => {
    const setting = 'MODIFY SETTING non_replicated_deduplication_window = 1000';
    expect(clusterStatements(`ALTER TABLE raw_alerts ${setting}`, 'c')).toEqual([]);
    expect(clusterStatements(`ALTER TABLE ingestions ${setting}`, 'c')).toEqual([]);
  });
});

describe('what clusterStatements refuses', () => {
  const refused: Record<string, string> = {
    'an unknown verb': 'OPTIMIZE TABLE raw_alerts FINAL',
    'no verb': '',
    'rows instead of tables': "INSERT INTO ingestions (batch_id) VALUES ('a')",
    'a table that nobody placed': 'CREATE TABLE IF NOT EXISTS t (a Int) ENGINE = MergeTree ORDER BY a',
    'a table called like a property of every object':
      'CREATE TABLE IF NOT EXISTS constructor (a Int) ENGINE = MergeTree ORDER BY a',
    'a CREATE that fails the second time': 'CREATE TABLE raw_alerts (a Int) ENGINE = MergeTree ORDER BY a',
    'a table of another database':
      'CREATE TABLE IF NOT EXISTS other.raw_alerts (a Int) ENGINE = MergeTree ORDER BY a',
    'another engine': 'CREATE TABLE IF NOT EXISTS ingestions (a Int) ENGINE = Memory ORDER BY a',
    'an engine that replaces rows across shards':
      'CREATE TABLE IF NOT EXISTS raw_alerts (a Int) ENGINE = ReplacingMergeTree ORDER BY a',
    'a table without an order': 'CREATE TABLE IF NOT EXISTS raw_alerts (a Int) ENGINE = MergeTree',
    'a table filled by a query':
      'CREATE TABLE IF NOT EXISTS raw_alerts (a Int) ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a',
    'a table that is on a cluster already':
      "CREATE TABLE IF NOT EXISTS raw_alerts ON CLUSTER 'x' (a Int) ENGINE = MergeTree ORDER BY a",
    'columns that do not end': 'CREATE TABLE IF NOT EXISTS raw_alerts (a Int ENGINE = MergeTree ORDER BY a',
    'a CREATE VIEW that fails the second time': 'CREATE VIEW published_alerts AS SELECT * FROM raw_alerts',
    'a materialized view':
      'CREATE MATERIALIZED VIEW IF NOT EXISTS published_alerts AS SELECT * FROM raw_alerts',
    'a view with a list of columns':
      'CREATE VIEW IF NOT EXISTS published_alerts (a) AS SELECT * FROM raw_alerts',
    'a DROP that fails the second time': 'DROP VIEW published_alerts',
    'two views at once': 'DROP VIEW IF EXISTS published_alerts, published_batches',
    'dropping a table': 'DROP TABLE IF EXISTS raw_alerts',
    'another ALTER': 'ALTER TABLE raw_alerts DROP COLUMN IF EXISTS label',
    'another ALTER behind a known one':
      'ALTER TABLE raw_alerts ADD COLUMN IF NOT EXISTS a Int, DROP COLUMN IF EXISTS label',
    'an ALTER that fails the second time': 'ALTER TABLE raw_alerts ADD COLUMN a Int',
    'another setting': 'ALTER TABLE raw_alerts MODIFY SETTING merge_with_ttl_timeout = 1',
    'another setting behind a known one':
      'ALTER TABLE raw_alerts MODIFY SETTING non_replicated_deduplication_window = 1, merge_with_ttl_timeout = 1',
    'a second statement': 'DROP VIEW IF EXISTS published_batches; DROP TABLE raw_alerts',
    'a text that does not end': "ALTER TABLE raw_alerts ADD COLUMN IF NOT EXISTS a String DEFAULT 'x",
  };
  it.each(Object.entries(refused))('%s', (_, statement) => {
    const running = () => clusterStatements(statement, 'c');
    expect(running).toThrow(RiskScoringError);
    expect(running).toThrow(
      expect.objectContaining({ code: 'CLUSTER_STATEMENT_UNKNOWN', category: 'internal', found: statement }),
    );
  });

  const refusedSelects: Record<string, string> = {
    'groups that each shard would form for itself':
      'SELECT processing_date FROM raw_alerts GROUP BY processing_date',
    'groups around a subquery': 'SELECT d FROM (SELECT processing_date AS d FROM raw_alerts) GROUP BY d',
    'one row made of all': 'SELECT max(volume_usd) FROM raw_alerts',
    'distinct rows': 'SELECT DISTINCT address FROM raw_alerts',
    'the first rows': 'SELECT * FROM raw_alerts LIMIT 10',
    'windows over rows': 'SELECT row_number() OVER (PARTITION BY address) FROM raw_alerts',
    'a join': 'SELECT * FROM raw_alerts AS a JOIN raw_features AS f ON a.alert_id = f.address',
    'a list of tables': 'SELECT * FROM raw_alerts, raw_features',
    'a sharded table in an IN':
      'SELECT * FROM raw_alerts WHERE alert_id IN (SELECT address FROM raw_features)',
    'tables of two keys': 'SELECT address FROM raw_alerts UNION ALL SELECT cluster_id FROM raw_clusters',
    'no sharded table': 'SELECT batch_id FROM ingestions',
    'a table that nobody placed': 'SELECT * FROM raw_alerts UNION ALL SELECT * FROM somewhere',
    'a table function': "SELECT * FROM raw_alerts UNION ALL SELECT * FROM url('http://x')",
    'a quoted table name': 'SELECT * FROM `raw_alerts`',
    'a table of another database': 'SELECT * FROM raw_alerts UNION ALL SELECT * FROM other.raw_alerts',
    'a column called like a table': 'SELECT batch_id AS raw_alerts FROM raw_alerts',
    'parentheses that do not match': 'SELECT (1 FROM raw_alerts',
  };
  it.each(Object.entries(refusedSelects))('a sharded view of %s', (_, select) => {
    expect(() => clusterStatements(`CREATE OR REPLACE VIEW published_alerts AS ${select}`, 'c')).toThrow(
      expect.objectContaining({ code: 'CLUSTER_STATEMENT_UNKNOWN' }),
    );
  });

  it('a sharded table in a view that stands everywhere', () => {
    expect(() =>
      clusterStatements('CREATE VIEW IF NOT EXISTS published_batches AS SELECT * FROM raw_alerts', 'c'),
    ).toThrow(/cannot read raw_alerts, which is sharded/);
  });

  it('a name that is no cluster name, before anything is made of it', () => {
    const bad = [
      '',
      'a b',
      'a-b',
      '{cluster}',
      'x'.repeat(65),
      "c' (a Int) ENGINE = Memory --",
      "c'",
      'c\n',
      'ç',
      'c/..',
    ];
    for (const cluster of bad) {
      expect(() => onCluster(cluster)).toThrow(InvalidInputError);
      for (const statement of statements) {
        expect(() => clusterStatements(statement, cluster)).toThrow(InvalidInputError);
      }
    }
    expect(onCluster('x'.repeat(64))).toBe(`ON CLUSTER '${'x'.repeat(64)}'`);
  });
});

describe('localTable', () => {
  it('is another table where rows are sharded, the same where they stand everywhere, and nothing elsewhere', () => {
    expect(localTable('raw_alerts')).toBe('raw_alerts_local');
    expect(localTable('ingestions')).toBe('ingestions');
    for (const unknown of ['raw_alerts_local', 'constructor', 'x; DROP TABLE y']) {
      expect(() => localTable(unknown)).toThrow(RiskScoringError);
    }
  });
});

describe('our migrations on a cluster', () => {
  const scratch = scratchFolder();
  let engine: Session;
  beforeAll(() => {
    engine = new Session(scratch.folder);
  });
  afterAll(() => {
    engine.close();
    scratch.remove();
  });
  const ask = <Row>(sql: string): Row[] =>
    engine
      .query(sql, 'JSONEachRow')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

  it('parse, each as one statement that runs on the whole cluster', () => {
    expect(transformed.length).toBeGreaterThan(statements.length);
    for (const sql of transformed) {
      const [row] = ask<{ text: string }>(`SELECT formatQuerySingleLine(${quote(sql)}) AS text`);
      expect(row?.text).toMatch(/^(CREATE|ALTER|DROP) .* ON CLUSTER c\b/);
      expect(ask(`EXPLAIN AST ${sql}`).length).toBeGreaterThan(1);
    }
  });

  it('hash every sharded table by its key, in the syntax tree as in the table of placements', () => {
    const distributed = transformed.filter((sql) => sql.includes('ENGINE = Distributed'));
    expect(distributed.length).toBeGreaterThan(15);
    for (const sql of distributed) {
      const name = /TABLE(?: IF NOT EXISTS)? (\w+) /.exec(sql)?.[1] ?? '';
      const tree = ask<{ explain: string }>(`EXPLAIN AST ${sql}`).map((row) => row.explain.trim());
      const engineAt = tree.findIndex((line) => line.startsWith('Function Distributed'));
      expect(tree.slice(engineAt + 2, engineAt + 7)).toEqual([
        "Literal 'c'",
        'Function currentDatabase (children 1)',
        'ExpressionList',
        `Literal '${name}_local'`,
        'Function cityHash64 (children 1)',
      ]);
      const place = placement[name];
      expect(place?.kind === 'sharded' && sql.endsWith(`cityHash64(${place.by}))`)).toBe(true);
    }
  });

  it('leave no sharded table in a local view, and name every local table', () => {
    const views = transformed.filter((sql) => /^CREATE .*VIEW .*_local ON CLUSTER 'c' AS$/m.test(sql));
    expect(views.length).toBeGreaterThan(7);
    for (const sql of views) {
      expect(sql).toMatch(/\bFROM \w+_local\b/);
      const tables = ask<{ explain: string }>(`EXPLAIN AST ${sql}`).flatMap(
        (row) => /TableIdentifier (\w+)/.exec(row.explain)?.[1] ?? [],
      );
      expect(tables.length).toBeGreaterThan(0);
      for (const table of tables) expect(shardedNames).not.toContain(table);
    }
  });

  it('shard a published view as the table that it reads', () => {
    const pairs = transformed.flatMap((sql) => {
      const [, view, table] = /^CREATE .*VIEW.* (\w+)_local ON CLUSTER.*FROM (\w+)_local\b/s.exec(sql) ?? [];
      return view === undefined || table === undefined ? [] : [{ view, table }];
    });
    expect(pairs.length).toBeGreaterThan(7);
    for (const { view, table } of pairs) expect(placement[view]).toEqual(placement[table]);
  });

  it('choose a shard without regard to the letter case of a hex address, and with regard to it elsewhere', () => {
    const distinct = (addresses: string) =>
      `toUInt8(length(arrayDistinct(arrayMap(address -> ${addressHash}, ${addresses}))))`;
    expect(
      ask(
        `SELECT ${distinct("['0xAbC1', '0XABC1', '0xabc1']")} AS hex, ${distinct("['bc1qA', 'bc1qa']")} AS other`,
      ),
    ).toEqual([{ hex: 1, other: 2 }]);
  });
});
