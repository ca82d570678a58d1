import path from 'node:path';
import {
  CancelledError,
  type FeatureGroup,
  type FeatureMatrix,
  InvalidInputError,
} from '@risk-scoring/contract';
import { initDatabase, newBatchId, publishBatch } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClusterMatrix, CLUSTER_GROUPS } from '../build-cluster-matrix.ts';
import { buildFeatureMatrix } from '../build-matrix.ts';
import { ALL_GROUPS, DEFAULT_GROUPS, planOf } from '../catalogue.ts';
import { FeatureGroupError } from '../extension/index.ts';
import { alertGroup, createAlertGroup } from '../groups/alert.ts';
import { createCrossNetworkGroup } from '../groups/cross-network.ts';
import type { FeatureSnapshot } from '../matrix/chunks.ts';
import { ClusterGroupError, SnapshotsReplacedError } from '../matrix/errors.ts';
import { columnOf } from '../testing/compare-bits.ts';
import { gatedDatabase } from '../testing/gated-database.ts';
import {
  publishedSnapshots,
  type TemporaryDatabase,
  temporaryDatabase,
} from '../testing/simulated-database.ts';
import type { RawColumns } from './altered-columns.ts';
import { findDependentColumns } from './find-dependent-columns.ts';

const PROXY: RawColumns = {
  alerts: ['severity', 'alert_confidence_score'],
  clusters: ['severity_max', 'confidence_avg'],
};
const SCORES = ['behavioral', 'graph', 'neighborhood', 'global'].map((name) => `${name}_anomaly_score`);
const encodings = { typology: ['fan_in', 'fan_out'], suspected_address_type: ['unknown', 'wallet'] };

let temporary: TemporaryDatabase;
let snapshots: FeatureSnapshot[];

beforeAll(async () => {
  temporary = await temporaryDatabase({ seed: 11, alerts: 600, snapshots: 2 });
  snapshots = await publishedSnapshots(temporary.database, 30);
});
afterAll(() => temporary.dispose());

async function dependent(groups: readonly FeatureGroup[], definedBy: RawColumns): Promise<string[]> {
  const plan = planOf(groups, encodings);
  return findDependentColumns(temporary.database, { snapshots, plan, groups, definedBy });
}

/** A group of somebody else with columns of these names. */
function groupOf(sql: string, columns: readonly string[], rest: Partial<FeatureGroup> = {}): FeatureGroup {
  return {
    specificationVersion: 'v1',
    name: 'theirs',
    per: 'alert',
    columns: columns.map((name) => ({ name, kind: 'numeric', meaning: 'theirs', missing: 'unknown' })),
    sql,
    ...rest,
  };
}

/** The bits of each column of a matrix, by its name. */
function bitsOf(matrix: FeatureMatrix): Map<string, Uint32Array> {
  return new Map(
    matrix.columns.map(({ name }, at) => [
      name,
      new Uint32Array(matrix.values.slice(at * matrix.rows, (at + 1) * matrix.rows).buffer),
    ]),
  );
}

/** Draws columns anew, in place: every row of every snapshot gets a value that has nothing to do with the old one. */
async function redraw(table: string, values: Readonly<Record<string, string>>): Promise<void> {
  const id = table === 'raw_features' ? 'address' : `${table.slice(4, -1)}_id`;
  const drawn = Object.entries(values).map(
    ([column, sql]) =>
      `${column} = ${sql.replaceAll('DRAWN', `cityHash64(processing_date, ${id}, '${column}', 'anew')`)}`,
  );
  await temporary.database.command({
    sql: `ALTER TABLE ${table} UPDATE ${drawn.join(', ')} WHERE true SETTINGS mutations_sync = 2`,
    doing: 'drawing anew',
  });
}

const SEVERITY = "arrayElement(['low', 'medium', 'high', 'critical'], 1 + DRAWN % 4)";
const SHARE = 'toFloat32(DRAWN % 1000 / 1000)';

describe('groups of others', () => {
  it('are seen through aggregates, subqueries and wildcards', async () => {
    const theirs = groupOf(
      `SELECT a.processing_date AS processing_date, a.alert_id AS alert_id, crowd.worst / crowd.all AS worst_share, toUInt8(outer_level) AS level,
    length(a.alert_id) AS id_length, length(toString(tuple(a.*))) AS whole_length
FROM alerts AS a
LEFT JOIN (SELECT typology_type, countIf(s = 'critical') AS worst, count() AS all FROM (SELECT typology_type, severity AS s FROM alerts) GROUP BY typology_type) AS crowd
    ON a.typology_type = crowd.typology_type
CROSS JOIN (SELECT max(indexOf(['low', 'medium', 'high', 'critical'], severity_max)) AS outer_level FROM clusters) AS c`,
      ['worst_share', 'level', 'id_length', 'whole_length'],
    );
    expect(await dependent([alertGroup, theirs], PROXY)).toEqual([
      'severity_encoded',
      'alert_confidence_score',
      'worst_share',
      'level',
      'whole_length',
    ]);
    expect(await dependent([theirs], { clusters: ['severity_max'] })).toEqual(['level']);
    expect(await dependent([theirs], { moneyFlows: ['amount_usd_sum'] })).toEqual([]);
  });

  it('are seen where only few rows or rows of earlier snapshots show it', async () => {
    const [one] = await temporary.database.query<{ id: string; severity: string }>({
      sql: 'SELECT alert_id AS id, severity FROM published_alerts ORDER BY cityHash64(alert_id) LIMIT 1',
      doing: 'choosing an alert',
    });
    const rare = (level: string) => `toUInt8(alert_id = '${one?.id}' AND severity = '${level}')`;
    const theirs = groupOf(
      `SELECT processing_date, alert_id, ${rare('low')} AS low_once, ${rare('critical')} AS critical_once,
    toUInt8(alert_id = '${one?.id}' AND alert_confidence_score > 0.999) AS sure_once, toUInt8(alert_id = '${one?.id}') AS is_it
FROM alerts`,
      ['low_once', 'critical_once', 'sure_once', 'is_it'],
    );
    expect(await dependent([theirs], PROXY)).toEqual(['low_once', 'critical_once', 'sure_once']);

    const earlier = groupOf(
      `SELECT processing_date, alert_id, before.high_before AS high_before, before.alerts_before AS alerts_before
FROM alerts
LEFT JOIN (SELECT address_key AS key, countIf(severity = 'high') AS high_before, count() AS alerts_before FROM earlier_alerts GROUP BY key) AS before
    ON alerts.address_key = before.key`,
      ['high_before', 'alerts_before'],
    );
    expect(await dependent([earlier], PROXY)).toEqual(['high_before']);
  });

  it('are seen where the columns decide which rows there are', async () => {
    const column = { kind: 'boolean', meaning: 'theirs', missing: 'never missing', absent: 0 } as const;
    const critical: FeatureGroup = {
      ...groupOf(
        "SELECT DISTINCT processing_date, address_key, 1 AS is_there FROM alerts WHERE severity = 'critical'",
        [],
      ),
      per: 'address',
      columns: [{ ...column, name: 'is_there' }],
    };
    expect(await dependent([critical], PROXY)).toEqual(['is_there']);
    const sure = groupOf(
      'SELECT processing_date, alert_id, 1 AS one FROM alerts WHERE alert_confidence_score > 0',
      ['one'],
    );
    expect(await dependent([alertGroup, sure], { alerts: ['alert_confidence_score'] })).toEqual([
      'alert_confidence_score',
      'one',
    ]);
  });

  it('lose no more than the column that cannot be computed with other values', async () => {
    const theirs = groupOf(
      'SELECT processing_date, alert_id, intDiv(100, toUInt32(ceil(alert_confidence_score))) AS fails_at_0, length(alert_id) AS id_length FROM alerts',
      ['fails_at_0', 'id_length'],
    );
    expect(await dependent([theirs], { alerts: ['alert_confidence_score'] })).toEqual(['fails_at_0']);
  });

  it('are checked before they run', async () => {
    const reads = groupOf('SELECT processing_date, alert_id, 1 AS one FROM alerts, raw_address_labels', [
      'one',
    ]);
    await expect(dependent([reads], PROXY)).rejects.toThrow(FeatureGroupError);
  });
});

describe('what labels are defined by', () => {
  it('may be of any type, and what an encoding is fitted on', async () => {
    const group = createAlertGroup({ evidenceKeys: ['tx_count'] });
    expect(await dependent([group], { alerts: ['typology_type'] })).toEqual(['typology_encoded']);
    expect(await dependent([group], { alerts: ['risk_indicators'] })).toEqual(['risk_indicator_count']);
    expect(await dependent([group], { alerts: ['volume_usd'] })).toEqual([
      'alert_volume_usd',
      'alert_volume_usd_log1p',
    ]);
    const flags = await dependent(DEFAULT_GROUPS, {
      features: ['is_exchange_like', 'first_activity_timestamp'],
    });
    expect(flags).toEqual(
      expect.arrayContaining([
        'is_exchange_like',
        'counterparty_exchange_share',
        'days_since_first_activity',
      ]),
    );
    expect(flags).not.toContain('is_mixer_like');
    expect(flags).not.toContain('days_since_last_activity');
  });

  it('may be who is in a cluster, the flows, and labels of others', async () => {
    const neighbourhood = ALL_GROUPS.filter(({ readsLabels }) => readsLabels);
    const groups = [...DEFAULT_GROUPS, ...neighbourhood];
    const members = await dependent(groups, { clusters: ['addresses_involved'] });
    expect(members).toEqual(expect.arrayContaining(['in_cluster', 'cluster_size', 'labelled_peers']));
    expect(members).not.toContain('labelled_counterparties');
    const labels = await dependent(groups, { addressLabels: ['risk_level'] });
    expect(labels).toEqual(expect.arrayContaining(['risky_counterparty_share', 'risky_peer_share']));
    expect(labels).not.toContain('in_cluster');
    expect(await dependent(groups, { moneyFlows: ['amount_usd_sum'] })).toEqual(
      expect.arrayContaining(['flow_in_usd', 'risky_in_usd_share']),
    );
  });

  it('are looked for in rows of later dates alone, where that is asked for', async () => {
    const group = ALL_GROUPS.filter(({ name }) => name === 'label-neighbourhood');
    const [first, last] = snapshots as [FeatureSnapshot, FeatureSnapshot];
    const look = (snapshot: FeatureSnapshot, after: string) =>
      findDependentColumns(temporary.database, {
        snapshots: [snapshot],
        plan: planOf(group, encodings),
        groups: group,
        definedBy: { addressLabels: ['risk_level', 'confidence_score'] },
        after,
      });
    // Labels of the last date are later than the first: nothing of the first snapshot may know them …
    expect(await look(first, first.processingDate)).toEqual([]);
    // … while the last one does.
    expect(await look(last, first.processingDate)).not.toEqual([]);
  });

  it('leaves nothing out where no group can see it', async () => {
    expect(await dependent(DEFAULT_GROUPS, {})).toEqual([]);
    expect(
      await dependent(DEFAULT_GROUPS, { alerts: ['label', 'description'], addressLabels: ['data_set'] }),
    ).toEqual([]);
  });

  it('is found for clusters, too', async () => {
    const rows = await temporary.database.query<{ date: string; rows: number }>({
      sql: 'SELECT toString(processing_date) AS date, toUInt32(count()) AS rows FROM published_clusters GROUP BY date ORDER BY date',
      doing: 'counting clusters',
    });
    const clusters = rows.map((row) => ({ processingDate: row.date, windowDays: 30, rows: row.rows }));
    const plan = planOf(CLUSTER_GROUPS, {});
    const found = await findDependentColumns(temporary.database, {
      snapshots: clusters,
      plan,
      groups: CLUSTER_GROUPS,
      definedBy: PROXY,
    });
    expect(found).toEqual([
      'confidence_avg',
      'severity_max',
      ...['low', 'medium', 'high', 'critical'].map((severity) => `member_alert_${severity}_share`),
      'member_alert_confidence_mean',
      'member_alert_confidence_max',
    ]);
    const matrix = await buildClusterMatrix(temporary.database, {
      snapshots: clusters,
      groups: CLUSTER_GROUPS,
      plan: planOf(CLUSTER_GROUPS, {}, found),
    });
    expect(matrix.columns.map(({ name }) => name)).toEqual(
      CLUSTER_GROUPS.flatMap(({ columns }) => columns.map(({ name }) => name)).filter(
        (name) => !found.includes(name),
      ),
    );
    await expect(dependent([...CLUSTER_GROUPS, alertGroup], PROXY)).rejects.toThrow(ClusterGroupError);
  });

  it('must be there, and not what rows are known by', async () => {
    const wrong = async (definedBy: RawColumns) => {
      const error = await dependent(DEFAULT_GROUPS, definedBy).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidInputError);
      return (error as InvalidInputError).message;
    };
    expect(await wrong({ alert: ['severity'] } as RawColumns)).toMatch(
      /alerts, features, clusters, moneyFlows/,
    );
    expect(await wrong({ alerts: ['severety'] })).toMatch(/typology_type.*severety.*severity/s);
    expect(await wrong({ features: ['address'] })).toMatch(/which rows are known by/);
    expect(await wrong({ alerts: ['address_key'] })).toMatch(/address_key/);
  });
});

describe('a computation', () => {
  it('stops when it is told to, and says how far it is', async () => {
    const plan = planOf(DEFAULT_GROUPS, encodings);
    const stop = new AbortController();
    const seen: number[] = [];
    const stopped = findDependentColumns(temporary.database, {
      snapshots,
      plan,
      definedBy: PROXY,
      signal: stop.signal,
      onProgress({ done }) {
        seen.push(done);
        if (done === 1) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(CancelledError);
    expect(seen).toEqual([0, 1]);
  });

  it('alters no other network', async () => {
    const dataDir = path.join(path.dirname(temporary.snapshots), 'data');
    const { database: bsc } = await initDatabase({ network: 'bsc', dataDir });
    try {
      await bsc.command({
        sql: `INSERT INTO raw_alerts SELECT * REPLACE ('' AS batch_id) FROM ${temporary.database.name}.published_alerts`,
        doing: 'copying alerts',
      });
      const group = createCrossNetworkGroup({ networks: ['bsc'] });
      const plan = planOf([group], {});
      const matrix = await buildFeatureMatrix(temporary.database, { snapshots, plan, groups: [group] });
      expect(columnOf(matrix, 'bsc_alert_volume_usd').every((volume) => volume > 0)).toBe(true);
      expect(await dependent([group], { alerts: ['volume_usd'] })).toEqual([]);
    } finally {
      await bsc.close();
    }
  });

  it('fails when a snapshot is published meanwhile', async () => {
    const date = snapshots.at(-1)?.processingDate ?? '';
    let published: Promise<void> | undefined;
    let results = 0;
    const publish = async () => {
      const batch_id = await newBatchId(temporary.database);
      const tables = { table_rows: { raw_clusters: 0 }, table_batches: { raw_clusters: batch_id } };
      const row = { batch_id, processing_date: date, window_days: 30, ...tables };
      await publishBatch(temporary.database, 'ingestions', [row]);
    };
    // The first computation is over by then, and some of the others are not.
    const database = gatedDatabase(temporary.database, () => {
      results += 1;
      if (results === 8) published = publish();
      return published;
    });
    const plan = planOf(DEFAULT_GROUPS, encodings);
    await expect(findDependentColumns(database, { snapshots, plan, definedBy: PROXY })).rejects.toThrow(
      SnapshotsReplacedError,
    );
    expect(results).toBeGreaterThan(8);
  });
});

describe('the matrix without what depends', () => {
  const everything = ALL_GROUPS;
  const build = (excluded: readonly string[]) =>
    buildFeatureMatrix(temporary.database, {
      snapshots,
      plan: planOf(everything, encodings, excluded),
      groups: everything,
    });

  it.each([
    {
      name: 'severities and confidences',
      definedBy: PROXY,
      contains: [
        'severity_encoded',
        'alert_confidence_score',
        'cluster_severity_max',
        'cluster_confidence_avg',
      ],
      draw: async () => {
        await redraw('raw_alerts', { severity: SEVERITY, alert_confidence_score: SHARE });
        await redraw('raw_clusters', { severity_max: SEVERITY, confidence_avg: SHARE });
      },
    },
    {
      name: 'anomaly scores',
      definedBy: { features: SCORES },
      contains: SCORES.flatMap((score) => [score, `counterparty_${score}`, `${score}_change`]),
      draw: () => redraw('raw_features', Object.fromEntries(SCORES.map((score) => [score, SHARE]))),
    },
    {
      name: 'volumes and typologies',
      definedBy: { alerts: ['volume_usd', 'typology_type'] },
      contains: ['alert_volume_usd', 'typology_encoded', 'volume_zscore', 'address_volume_max'],
      draw: () =>
        redraw('raw_alerts', {
          volume_usd: 'toDecimal128(DRAWN % 100000, 18)',
          typology_type: "arrayElement(['fan_in', 'fan_out', 'layering'], 1 + DRAWN % 3)",
        }),
    },
  ])('is the same, bit by bit, when $name are drawn anew', async ({ definedBy, contains, draw }) => {
    const excluded = await dependent(everything, definedBy);
    expect(excluded).toEqual(expect.arrayContaining(contains));
    const [whole, part] = [await build([]), await build(excluded)];
    await draw();
    const [wholeAnew, partAnew] = [await build([]), await build(excluded)];
    expect(part.columns).toHaveLength(whole.columns.length - excluded.length);
    expect(bitsOf(partAnew)).toEqual(bitsOf(part));
    // And none was left out in vain.
    const [before, after] = [bitsOf(whole), bitsOf(wholeAnew)];
    const changed = [...before].flatMap(([name, bits]) =>
      bits.every((word, row) => word === after.get(name)?.[row]) ? [] : [name],
    );
    expect(changed).toEqual(excluded);
  });
});
