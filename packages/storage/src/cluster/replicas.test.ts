import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../migrations.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { clusterStatements, localTable, placement } from './index.ts';

/*
 * The real replicated engines, with the Keeper that the engine keeps in memory for tests. It lets tables register, be altered
 * and be found wanting, but not copy rows: nobody listens for other replicas. The engine does not survive its own end with
 * such tables, so it runs in a process of its own, which is killed when it has told what happened.
 */
const configuration = `<clickhouse>
  <tcp_port>9000</tcp_port>
  <zookeeper><implementation>testkeeper</implementation></zookeeper>
  <macros><shard>01</shard><replica>node-1</replica></macros>
  <remote_servers><c>
    <shard><replica><host>localhost</host><port>9000</port></replica></shard>
  </c></remote_servers>
</clickhouse>`;

const scratch = scratchFolder();
afterAll(() => scratch.remove());

interface Replica {
  readonly table: string;
  readonly zookeeper_path: string;
  readonly replica_name: string;
  readonly total_replicas: number;
}

/** Runs statements in a new engine; tells the first line of each error, and all replicas at the end. */
function runAll(statements: readonly string[]): { errors: (string | null)[]; replicas: Replica[] } {
  const config = path.join(scratch.folder, 'config.xml');
  writeFileSync(config, configuration);
  const script = `
const { Session } = require(${JSON.stringify(createRequire(import.meta.url).resolve('chdb'))});
const session = new Session(${JSON.stringify(mkdtempSync(path.join(scratch.folder, 'data-')))}, { connectionArgs: [${JSON.stringify(`--config-file=${config}`)}] });
const errors = JSON.parse(require('node:fs').readFileSync(0, 'utf8')).map((sql) => {
  try { session.query(sql); return null; } catch (error) { return error.message.split('\\n')[0]; }
});
const replicas = session.query('SELECT table, zookeeper_path, replica_name, total_replicas FROM system.replicas', 'JSONEachRow')
  .split('\\n').filter((line) => line !== '').map((line) => JSON.parse(line));
require('node:fs').writeSync(1, JSON.stringify({ errors, replicas }));
process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(process.execPath, ['-e', script], {
    input: JSON.stringify(statements),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return JSON.parse(child.stdout);
}

const onThisNode = (statement: string) =>
  clusterStatements(statement, 'c').map((sql) => sql.replace(" ON CLUSTER 'c'", ''));
const creations = readMigrations(new URL('../../../../schema/', import.meta.url))
  .flatMap((migration) => migration.statements)
  .filter((statement) => statement.startsWith('CREATE TABLE'));

describe('replicated tables', () => {
  const names = creations.map((statement) => /EXISTS (\w+)/.exec(statement)?.[1] ?? '');
  const createAll = creations.flatMap(onThisNode);
  const small =
    'CREATE TABLE IF NOT EXISTS ingestions (batch_id String) ENGINE = MergeTree ORDER BY batch_id';
  /** A statement as a node of another shard would run it, into a table of another name. */
  const onOtherShard = (sql: string) =>
    sql.replace(/EXISTS (\w+)/, 'EXISTS other_$1').replace('{shard}', '02');

  it('are made by all our statements, also twice, each with a path of its own', () => {
    const { errors, replicas } = runAll([
      'CREATE DATABASE risk_scoring_a',
      'USE risk_scoring_a',
      ...createAll,
      ...createAll,
    ]);
    expect(errors.filter((error) => error !== null)).toEqual([]);
    expect(replicas.map(({ table }) => table).sort()).toEqual(names.map(localTable).sort());
    expect(new Set(replicas.map((replica) => replica.zookeeper_path)).size).toBe(names.length);
    for (const { table, zookeeper_path, replica_name } of replicas) {
      const everywhere = placement[table]?.kind === 'everywhere';
      expect(zookeeper_path).toBe(`/clickhouse/tables/c/${everywhere ? '' : '01/'}risk_scoring_a/${table}`);
      expect(replica_name).toBe(everywhere ? '01_node-1' : 'node-1');
    }
  });

  it('have all nodes as replicas where they stand everywhere, and those of the shard elsewhere', () => {
    const { errors, replicas } = runAll([
      'CREATE DATABASE risk_scoring_b',
      'USE risk_scoring_b',
      ...createAll,
      ...createAll.filter((sql) => sql.includes('Replicated')).map(onOtherShard),
    ]);
    expect(errors.filter((error) => error !== null)).toEqual([]);
    expect(replicas.length).toBe(2 * names.length);
    for (const { table, total_replicas } of replicas) {
      const everywhere = placement[table.replace('other_', '')]?.kind === 'everywhere';
      expect(total_replicas).toBe(everywhere ? 2 : 1);
    }
  });

  it('refuse a node that comes with other columns, or with the name of another replica', () => {
    const [create = ''] = onThisNode(small);
    const { errors } = runAll([
      'CREATE DATABASE risk_scoring_c',
      'USE risk_scoring_c',
      create,
      onOtherShard(create).replace('batch_id String', 'batch_id String, more String'),
      create.replace('EXISTS ingestions', 'EXISTS other_ingestions'),
    ]);
    expect(errors).toEqual([
      null,
      null,
      null,
      expect.stringContaining('Table columns structure in ZooKeeper is different'),
      expect.stringContaining('already exists'),
    ]);
  });
});
