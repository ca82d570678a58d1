import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Statement } from '../database.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { assertCluster, ClusterConfigurationError } from './index.ts';

// Every node of these clusters is this process, which has one pair of macros.
const node = '<replica><host>localhost</host><port>9000</port></replica>';
const other = '<replica><host>127.0.0.1</host><port>9000</port></replica>';
const configuration = `<clickhouse>
  <tcp_port>9000</tcp_port>
  <macros><shard>01</shard><replica>node-1</replica></macros>
  <remote_servers>
    <single><shard>${node}</shard></single>
    <alike><shard>${node}</shard><shard>${other}</shard></alike>
    <apart><shard><internal_replication>false</internal_replication>${node}${other}</shard></apart>
  </remote_servers>
</clickhouse>`;

const scratch = scratchFolder();
let engine: Session;
beforeAll(() => {
  const file = path.join(scratch.folder, 'config.xml');
  writeFileSync(file, configuration);
  engine = new Session(path.join(scratch.folder, 'data'), { connectionArgs: [`--config-file=${file}`] });
});
afterAll(() => {
  engine.close();
  scratch.remove();
});

/** The engine as a Database asks it. */
const database = {
  async query<Row extends object>({ sql, params = {} }: Statement): Promise<Row[]> {
    const text = engine.queryBind(sql, params, 'JSONEachRow');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  },
};

describe('assertCluster', () => {
  it('takes a cluster whose macros tell all its nodes apart', async () => {
    await expect(assertCluster(database, 'single')).resolves.toBeUndefined();
  });

  it('names the clusters that are there when one is misspelt', async () => {
    const asking = assertCluster(database, 'singel');
    await expect(asking).rejects.toThrow(ClusterConfigurationError);
    await expect(asking).rejects.toThrow(/knows no cluster 'singel'.*Found: alike, apart, single/);
    await expect(assertCluster(database, "x' OR 1=1 --")).rejects.toThrow(InvalidInputError);
  });

  it('refuses two shards that call themselves alike, which would copy each other', async () => {
    await expect(assertCluster(database, 'alike')).rejects.toThrow(
      /2 different shards.*shard '01' replica 'node-1', shard '01' replica 'node-1'/,
    );
  });

  it('refuses shards whose Distributed tables would write to each replica', async () => {
    await expect(assertCluster(database, 'apart')).rejects.toThrow(
      /internal_replication.*false for localhost, 127/,
    );
  });
});
