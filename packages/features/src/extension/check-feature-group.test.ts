import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FeatureGroup, RiskScoringError, UnsupportedSpecificationError } from '@risk-scoring/contract';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLUSTER_GROUPS } from '../build-cluster-matrix.ts';
import { ALL_GROUPS } from '../catalogue.ts';
import { createCrossNetworkGroup } from '../groups/cross-network.ts';
import { checkFeatureGroup } from './check-feature-group.ts';
import { FeatureGroupError } from './errors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const column = { name: 'x', kind: 'numeric', meaning: 'a number', missing: 'never missing' } as const;
const sound: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'mine',
  per: 'alert',
  columns: [column],
  sql: 'SELECT processing_date, alert_id, 1 AS x FROM alerts',
};

/** The sound group with an expression as its column, or another SQL. */
const withColumn = (sql: string): FeatureGroup => ({
  ...sound,
  sql: `SELECT processing_date, alert_id, ${sql} AS x FROM alerts`,
});
const withSql = (sql: string): FeatureGroup => ({ ...sound, sql });

async function refusalOf(group: unknown): Promise<FeatureGroupError> {
  const error = await checkFeatureGroup(database, group as FeatureGroup).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, 'it was not refused').toBeInstanceOf(FeatureGroupError);
  const refusal = error as FeatureGroupError;
  expect(refusal.code).toBe('FEATURE_GROUP_INVALID');
  for (const part of ['expected', 'found', 'remedy'] as const) expect(refusal[part], part).toBeTruthy();
  return refusal;
}

describe('checkFeatureGroup lets pass', () => {
  const built = [...ALL_GROUPS, ...CLUSTER_GROUPS, createCrossNetworkGroup({ networks: ['bsc'] })];
  it.each(built.map((group) => [group.name, group] as const))('the group %s', async (_, group) => {
    await checkFeatureGroup(database, group);
  });

  it('CTEs, window functions, joins, UNION ALL, subqueries and encodings', async () => {
    await checkFeatureGroup(database, {
      ...sound,
      encodings: { typology: 'typology_type' },
      columns: ['first_x', 'code', 'ranked', 'joined', 'share', 'window_length', 'counted', 'flag'].map(
        (name) => ({ ...column, name }),
      ),
      sql: `-- One row: one alert; this is a comment.
WITH
    both AS
    (
        SELECT address_key AS key, volume_usd AS usd FROM earlier_alerts
        UNION ALL
        SELECT from_key, amount_usd_sum FROM money_flows
    ),
    sums AS (SELECT key, sum(usd) AS total, count() AS times FROM both GROUP BY key)
SELECT
    a.processing_date AS processing_date,
    a.alert_id AS alert_id,
    any(a.alert_confidence_score) OVER (PARTITION BY a.address_key ORDER BY a.alert_id) AS first_x,
    nullIf(indexOf({encoding_typology:Array(String)}, a.typology_type), 0) - 1 AS code,
    row_number() OVER (PARTITION BY a.processing_date ORDER BY a.volume_usd, a.alert_id) AS ranked,
    s.total AS joined,
    (SELECT max(tx_count) FROM money_flows) AS share,
    {window_days:UInt16} AS window_length,
    arraySum(arrayMap(number -> number * 2, (SELECT groupArray(number) FROM numbers(3)))) AS counted,
    a.address_key IN (SELECT address_key FROM features WHERE is_whale) AND throwIf(a.alert_id = '', 'no; id') = 0 AS flag,
    'text; -- not a comment' AS more
FROM alerts AS a
LEFT JOIN sums AS s ON a.address_key = s.key
SETTINGS join_use_nulls = 1`,
    });
  });

  it.each(['Int8', 'UInt256', 'Float32', 'Decimal(38, 18)', 'Bool'])('numbers as %s', async (type) => {
    await checkFeatureGroup(database, withColumn(`CAST(alert_confidence_score AS ${type})`));
    await checkFeatureGroup(database, withColumn(`CAST(alert_confidence_score AS Nullable(${type}))`));
  });

  it('and reads no rows meanwhile', async () => {
    const row = { window_days: 30, processing_date: '2025-01-01', alert_id: 'a', address: '0xa' };
    await database.insert('raw_alerts', [row], 'inserting');
    await checkFeatureGroup(
      database,
      withColumn("(SELECT throwIf(count() > 0, 'it read') FROM earlier_alerts)"),
    );
    await checkFeatureGroup(database, withColumn("throwIf(alert_id != '', 'it read')"));
  });

  it('a group per cluster, and a recursive CTE', async () => {
    await checkFeatureGroup(database, {
      ...sound,
      per: 'cluster',
      sql: `WITH RECURSIVE upto AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM upto WHERE n < 3)
SELECT processing_date, cluster_id, total_alerts + (SELECT max(n) FROM upto) AS x FROM clusters`,
    });
  });
});

describe('checkFeatureGroup refuses a declaration', () => {
  it('for another contract', async () => {
    const other = { ...sound, specificationVersion: 'v2' } as unknown as FeatureGroup;
    await expect(checkFeatureGroup(database, other)).rejects.toThrow(UnsupportedSpecificationError);
    await expect(checkFeatureGroup(database, 'alert' as unknown as FeatureGroup)).rejects.toThrow(
      UnsupportedSpecificationError,
    );
  });

  it.each<[string, object, RegExp]>([
    ['a name with capitals', { name: 'Mine' }, /'Mine'/],
    ['no name', { name: undefined }, /nothing/],
    ['rows of something else', { per: 'transfer' }, /'transfer'/],
    ['rows named like a method of objects', { per: 'toString' }, /'toString'/],
    ['a flag that is none', { readsLabels: 'yes' }, /readsLabels: 'yes'/],
    ['no columns', { columns: [] }, /empty list/],
    ['columns that are no list', { columns: 'x' }, /'x'/],
    ['a column that is no object', { columns: ['x'] }, /'x'/],
    ['a column name that needs quotes', { columns: [{ ...column, name: 'a b' }] }, /'a b'/],
    ['a column that begins with a digit', { columns: [{ ...column, name: '1x' }] }, /'1x'/],
    ['a column twice', { columns: [column, column] }, /x twice/],
    ...['processing_date', 'alert_id', 'address_key', 'cluster_id', 'row_key'].map(
      (name): [string, object, RegExp] => [
        `the key ${name} as a column`,
        { columns: [{ ...column, name }] },
        new RegExp(name),
      ],
    ),
    ['an unknown kind', { columns: [{ ...column, kind: 'text' }] }, /'text'/],
    ['a column without a meaning', { columns: [{ ...column, meaning: ' ' }] }, /^' '$/],
    ['a column that does not say what NaN says', { columns: [{ ...column, missing: undefined }] }, /nothing/],
    ['a unit that is no text', { columns: [{ ...column, unit: 1 }] }, /1/],
    ['an infinite absent', { columns: [{ ...column, absent: Number.POSITIVE_INFINITY }] }, /Infinity/],
    ['an absent that is no number', { columns: [{ ...column, absent: '0' }] }, /'0'/],
    ['encodings that are a list', { encodings: ['typology_type'] }, /typology_type/],
    ['an encoding whose name cannot be bound', { encodings: { 'a b': 'typology_type' } }, /'a b'/],
    ['an encoding of no column', { encodings: { typology: 1 } }, /1/],
    ['an encoding of a column that is not there', { encodings: { typology: 'typology' } }, /typology/],
    ['an encoding of a number', { encodings: { volume: 'volume_usd' } }, /volume_usd/],
    ['an encoding of a label', { encodings: { source: 'label_source' } }, /label_source/],
    ['no SQL', { sql: undefined }, /nothing/],
    ['empty SQL', { sql: ' -- nothing' }, /no SQL/],
    ['two statements', { sql: `${sound.sql}; DROP TABLE raw_alerts` }, /';'/],
    ['another statement', { sql: 'INSERT INTO raw_alerts SELECT 1' }, /INSERT/],
    ['SQL that closes the parenthesis around it', { sql: 'SELECT 1) AS a, (SELECT 2' }, /closes nothing/],
    ['a parenthesis that is not closed', { sql: `${sound.sql} WHERE (1` }, /not closed/],
  ])('with %s', async (_, change, found) => {
    expect((await refusalOf({ ...sound, ...change })).found).toMatch(found);
  });
});

describe('checkFeatureGroup refuses a result', () => {
  it.each<[string, FeatureGroup, RegExp]>([
    ['without the date', withSql('SELECT alert_id, 1 AS x FROM alerts'), /columns alert_id, x/],
    ['without the key', withSql('SELECT processing_date, 1 AS x FROM alerts'), /columns processing_date, x/],
    ['with the key of other rows', { ...sound, per: 'address' }, /columns processing_date, alert_id, x/],
    [
      'with a date as a text',
      withSql('SELECT toString(processing_date) AS processing_date, alert_id, 1 AS x FROM alerts AS a'),
      /processing_date as String/,
    ],
    [
      'with a key that may be NULL',
      withSql(
        'SELECT f.processing_date AS processing_date, a.alert_id AS alert_id, 1 AS x FROM features AS f LEFT JOIN alerts AS a ON a.address_key = f.address_key',
      ),
      /alert_id as Nullable/,
    ],
    [
      'with an address in place of its key',
      { ...withSql('SELECT processing_date, address AS address_key, 1 AS x FROM alerts'), per: 'address' },
      /address_key as String/,
    ],
    ['without a declared column', withSql('SELECT processing_date, alert_id FROM alerts'), /alert_id/],
    [
      'with a column twice',
      withSql('SELECT processing_date, alert_id, x, x FROM (SELECT *, 1 AS x FROM alerts)'),
      /x twice/,
    ],
    ['with a text', withColumn('address'), /x as String/],
    ['with a list', withColumn('risk_indicators'), /x as Array/],
    ['with a date', withColumn('processing_date + 1'), /x as Date/],
    ['with numbers in codes', withColumn('toLowCardinality(toUInt8(1))'), /x as LowCardinality/],
    ['with nothing but NULL', withColumn('NULL'), /x as Nullable\(Nothing\)/],
  ])('%s', async (_, group, found) => {
    expect((await refusalOf(group)).found).toMatch(found);
  });
});

describe('checkFeatureGroup refuses to read', () => {
  it.each<[string, string, string]>([
    ['a table', '(SELECT count() FROM raw_alerts)', 'raw_alerts'],
    ['a view of published rows', '(SELECT count() FROM published_alerts)', 'published_alerts'],
    ['labels', 'address IN (SELECT address FROM published_address_labels)', 'published_address_labels'],
    ["a miner's labels", '(SELECT count() FROM miner_labels)', 'miner_labels'],
    ['what is hidden', '(SELECT count() FROM hidden_labels)', 'hidden_labels'],
    ['tables of the server', '(SELECT count() FROM system.tables)', 'system.tables'],
    ['a table after IN', 'alert_id IN raw_clusters', 'raw_clusters'],
    ['a table that a condition leaves out', '0 AND 1 IN (SELECT 1 FROM raw_features)', 'raw_features'],
    ['whether there are rows', 'EXISTS (SELECT 1 FROM raw_money_flows)', 'raw_money_flows'],
  ])('%s', async (_, expression, table) => {
    expect((await refusalOf(withColumn(expression))).found).toContain(table);
  });

  it.each([
    'JOIN raw_features AS f ON f.address_key = alerts.address_key',
    'ORDER BY (SELECT count() FROM raw_features)',
    'LIMIT (SELECT count() FROM raw_features)',
    'WHERE alert_confidence_score > (WITH t AS (SELECT * FROM raw_features) SELECT count() FROM t)',
  ])('a table by %s', async (clause) => {
    const sql = `SELECT alerts.processing_date AS processing_date, alert_id, 1 AS x FROM alerts ${clause}`;
    expect((await refusalOf(withSql(sql))).found).toContain('raw_features');
  });

  it('a table of another database', async () => {
    await database.command({ sql: 'CREATE DATABASE elsewhere', doing: 'preparing' });
    await database.command({
      sql: 'CREATE TABLE elsewhere.scores (y UInt8) ENGINE = Memory',
      doing: 'preparing',
    });
    const { found } = await refusalOf(withColumn('(SELECT max(y) FROM elsewhere.scores)'));
    expect(found).toContain('elsewhere.scores');
  });

  it.each([
    "file('/etc/passwd', 'LineAsString')",
    "url('http://127.0.0.1:9/x', 'CSV')",
    "s3('http://127.0.0.1:9/x', 'CSV')",
    "remote('127.0.0.1:9', 'a', 'b')",
    "merge('^raw_')",
    "cluster('default', 'system', 'one')",
    "executable('x.sh', 'TSV', 'y UInt8')",
    'view(SELECT 1)',
    '(EXPLAIN SELECT 1)',
    "generateRandom('y UInt8')",
    "numbers(1) AS a, url('http://127.0.0.1:9/x', 'CSV') AS `b\nc, table_function_name: null`",
  ])('the table function %s, without calling it', async (call) => {
    const { found, expected } = await refusalOf(withColumn(`(SELECT count() FROM ${call})`));
    expect(found).toMatch(/^the table function/);
    expect(expected).toContain('earlier_alerts');
  });

  it('labels that are not declared, saying what to declare', async () => {
    for (const relation of ['labelled_flows', 'labelled_peers']) {
      const group = withSql(
        `SELECT processing_date, address_key, count() AS x FROM ${relation} GROUP BY processing_date, address_key`,
      );
      expect((await refusalOf({ ...group, per: 'address' })).remedy).toContain('declare readsLabels: true');
      await checkFeatureGroup(database, { ...group, per: 'address', readsLabels: true });
    }
  });

  it('the labels that these are made of', async () => {
    const sql =
      'SELECT processing_date, address_key, (SELECT count() FROM known_labels) AS x FROM labelled_flows';
    const refusal = await refusalOf({ ...withSql(sql), per: 'address', readsLabels: true });
    expect(refusal.found).toContain('known_labels');
  });

  it.each([
    ['hidden_labels', 'WITH hidden_labels AS (SELECT 1 AS address_key) SELECT'],
    ['known_labels', 'WITH `known_labels` AS (SELECT 1 AS labelled_key) SELECT'],
    ['raw_alerts', 'WITH "raw_alerts" AS MATERIALIZED (SELECT 1) SELECT'],
    ['money_flows', 'WITH money_flows /* mine */ AS (SELECT 1) SELECT'],
    ['clusters', 'WITH clusters (x) AS (SELECT 1) SELECT'],
    ['alerts', 'WITH other AS (SELECT 1), alerts AS\n(SELECT 1) SELECT'],
  ])('a CTE that would stand for %s inside the relations', async (name, begin) => {
    const group = withColumn('1');
    const refusal = await refusalOf({ ...group, sql: group.sql.replace('SELECT', begin) });
    expect(refusal.found).toBe(`the name ${name}`);
  });

  it('a name behind escapes, and settings that decide how it is run', async () => {
    expect((await refusalOf(withColumn('"severi\\x74y"'))).found).toContain('backslash');
    const settings = '(SELECT count() FROM alerts SETTINGS max_rows_to_read = 1)';
    expect((await refusalOf(withColumn(settings))).expected).toContain('SETTINGS');
  });

  it('other networks that are not declared, saying what to declare', async () => {
    const refusal = await refusalOf(withColumn('(SELECT count() FROM other_alerts)'));
    expect(refusal.remedy).toContain('declare otherNetworks: [<their names>]');
  });
});

describe('checkFeatureGroup refuses functions', () => {
  it.each([
    'now()',
    'NOW()',
    'toUnixTimestamp(now64())',
    'current_timestamp',
    'processing_date - today()',
    'processing_date - yesterday()',
    'rand()',
    'RAND32()',
    'randCanonical()',
    'length(randomString(3))',
    'toUInt128(generateUUIDv4())',
    'length(generateULID())',
    'rowNumberInAllBlocks()',
    'rowNumberInBlock()',
    'runningDifference(volume_usd)',
    'neighbor(volume_usd, 1)',
    "dictGet('d', 'a', 1)",
    "dictGetUInt8OrDefault('d', 'a', toUInt64(1), 0)",
    "joinGet('j', 'a', 1)",
    "length(file('/etc/passwd'))",
    "getSetting('max_threads')",
    'length(currentUser())',
    'length(hostName())',
    'sleep(3)',
    'sleepEachRow(1)',
    'if(0, rand(), 1)',
    'arraySum(arrayMap(each -> rand(), [1, 2]))',
    'row_number() OVER (ORDER BY rand())',
    '(SELECT max(rand()) FROM numbers(3))',
    'rand() AS `y, function_name: plus, function_type: ordinary`, 1',
    'rand() AS `y\nz, function_name: plus, function_type: ordinary`, 1',
  ])('%s', async (expression) => {
    const { found } = await refusalOf(withColumn(expression));
    expect(found).toMatch(/^the function \w+, which \w+/);
  });
});

describe('checkFeatureGroup repeats what the engine says', () => {
  it.each<[string, FeatureGroup, RegExp]>([
    ['of an unknown column', withColumn('no_such_column'), /no_such_column/],
    ['of a hidden column', withColumn('label'), /label/],
    ['of an unknown table', withColumn('(SELECT count() FROM nowhere)'), /nowhere/],
    ['of bad syntax', withColumn('[1'), /Syntax error/],
    ['of an unknown function', withColumn('lenght(alert_id)'), /lenght/],
    ['of FORMAT', withSql(`${sound.sql} FORMAT CSV`), /Syntax error/],
  ])('%s', async (_, group, found) => {
    const refusal = await refusalOf(group);
    expect(refusal.found).toMatch(found);
    expect(RiskScoringError.isInstance(refusal.cause)).toBe(true);
  });

  it.each(['{foo:UInt8}', '{encoding_typology:Array(String)}[1] = alert_id', 'length({first_date:String})'])(
    'of %s, which nothing binds, saying what there is',
    async (place) => {
      const { found, remedy } = await refusalOf(withColumn(place));
      expect(found).toMatch(/is not set/);
      expect(remedy).toContain('{window_days:UInt16}');
    },
  );

  it('but not of a server that is out of reach as of a bad group', async () => {
    const failing = {
      query: () =>
        Promise.reject(
          new RiskScoringError({ code: 'SERVER_UNREACHABLE', category: 'environment', summary: 'down' }),
        ),
    } as unknown as Database;
    await expect(checkFeatureGroup(failing, sound)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });
});
