import { clusterName, onCluster } from './cluster-name.ts';
import { ClusterStatementError } from './cluster-statement-error.ts';
import { localSelect } from './local-select.ts';
import { localTable, type Placement, requirePlacement } from './placement.ts';
import { readStatement, type StatementForm } from './statement-form.ts';

/** A statement, and where what it speaks of stands. */
interface Placed {
  readonly statement: string;
  readonly cluster: string;
  readonly place: Placement;
}

/**
 * What to run on a cluster in place of one DDL statement that was written for a single node, in order. Each may be
 * repeated without harm, so a run that was killed, or that some node refused, is simply repeated.
 *
 * - A sharded table `t` becomes `t_local`, replicated within its shard, and `t`, Distributed over it by the hash of its key.
 * - A sharded view `v` becomes `v_local` over the local tables, and `v`, Distributed over it.
 * - A table that stands everywhere becomes one replicated table whose replicas are all nodes.
 *
 * @param statement one statement of a migration, without its semicolon
 * @param cluster its name in `system.clusters`
 * @returns no statement at all where a cluster needs none
 * @throws {InvalidInputError} for a name that is no cluster's
 * @throws {ClusterStatementError} for a statement of no known form, or of a table that placement.ts does not name
 * @example
 * clusterStatements('DROP VIEW IF EXISTS published_batches', 'production');
 * // ["DROP VIEW IF EXISTS published_batches ON CLUSTER 'production'"]
 */
export function clusterStatements(statement: string, cluster: string): string[] {
  const form = readStatement(statement);
  const place = requirePlacement(form.name, statement);
  const placed: Placed = { statement, cluster: clusterName(cluster), place };
  switch (form.form) {
    case 'create table':
      return createTable(form, placed);
    case 'create view':
      return createView(form, placed);
    case 'drop view':
      return dropView(form.name, placed);
    case 'add columns':
      return addColumns(form, placed);
    case 'set deduplication window':
      // Replicated tables recognise a repeated insert anyway, by their own window.
      return [];
  }
}

function createTable(form: StatementForm & { form: 'create table' }, placed: Placed): string[] {
  const { cluster, place, statement } = placed;
  if (place.kind === 'sharded' && form.engine !== 'MergeTree') {
    throw new ClusterStatementError({
      statement,
      reason: `rows that ${form.engine} would replace may stand on another shard`,
    });
  }
  const own = `CREATE TABLE IF NOT EXISTS ${localTable(form.name)} ${onCluster(cluster)}
${form.columns}
ENGINE = ${replicatedEngine(form, placed)}
${form.clauses}`;
  if (place.kind === 'everywhere') return [own];
  return [own, distributed('CREATE TABLE IF NOT EXISTS', form.name, { cluster, by: place.by })];
}

function createView(form: StatementForm & { form: 'create view' }, { cluster, place }: Placed): string[] {
  const [create, createOver] = form.replace
    ? ['CREATE OR REPLACE VIEW', 'CREATE OR REPLACE TABLE']
    : ['CREATE VIEW IF NOT EXISTS', 'CREATE TABLE IF NOT EXISTS'];
  const own = `${create} ${localTable(form.name)} ${onCluster(cluster)} AS
${localSelect(form.select, place)}`;
  if (place.kind === 'everywhere') return [own];
  // The columns of a Distributed table are its own: it is replaced whenever the view below it is.
  return [own, distributed(createOver, form.name, { cluster, by: place.by })];
}

function dropView(name: string, { cluster, place }: Placed): string[] {
  const own = `DROP VIEW IF EXISTS ${localTable(name)} ${onCluster(cluster)}`;
  // Over a sharded view stands a table, which DROP VIEW would refuse.
  return place.kind === 'sharded' ? [`DROP TABLE IF EXISTS ${name} ${onCluster(cluster)}`, own] : [own];
}

function addColumns(form: StatementForm & { form: 'add columns' }, { cluster, place }: Placed): string[] {
  // The local table first: a Distributed one asks the shards for every column that it has.
  const tables = place.kind === 'sharded' ? [localTable(form.name), form.name] : [form.name];
  return tables.map(
    (table) => `ALTER TABLE ${table} ${onCluster(cluster)}
    ${form.actions}`,
  );
}

/**
 * The path says which tables are replicas of one another. It is made of names, not of the table's {uuid}: a node that
 * missed the first CREATE and runs its repetition would get another UUID, and silently a table of its own,
 * whereas by name it joins its replicas. The cluster is in it because several may share one Keeper.
 */
function replicatedEngine(
  form: StatementForm & { form: 'create table' },
  { cluster, place }: Placed,
): string {
  const table = localTable(form.name);
  const [path, replica] =
    place.kind === 'sharded'
      ? [`/clickhouse/tables/${cluster}/{shard}/{database}/${table}`, '{replica}']
      : // No shard in the path; in the name, because replicas of two shards may be called alike.
        [`/clickhouse/tables/${cluster}/{database}/${table}`, '{shard}_{replica}'];
  const others = form.engineArguments === '' ? '' : `, ${form.engineArguments}`;
  return `Replicated${form.engine}('${path}', '${replica}'${others})`;
}

function distributed(create: string, name: string, { cluster, by }: { cluster: string; by: string }): string {
  const local = localTable(name);
  return `${create} ${name} ${onCluster(cluster)} AS ${local}
ENGINE = Distributed('${cluster}', currentDatabase(), '${local}', cityHash64(${by}))`;
}
