import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError, InvalidInputError } from '@risk-scoring/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { OutputFolderError, SnapshotExistsError } from './errors.ts';
import type { SimulationOptions, SimulationSummary } from './options.ts';
import { simulateSnapshots } from './simulate-snapshots.ts';
import type { SnapshotMeta } from './snapshot-folder.ts';
import type { SnapshotFile } from './tables/definitions.ts';
import { readSnapshot, readTable, textsOf } from './testing/read-snapshot.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const small = { alerts: 600, snapshots: 3, seed: 5 };
let root: string;
let summary: SimulationSummary;
beforeAll(async () => {
  root = await temporaryFolder();
  summary = await simulateSnapshots({ ...small, outputDir: join(root, 'first') });
});

/** md5 of every file below a folder. */
async function fingerprint(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const prints: Record<string, string> = {};
  for (const name of names.sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile())
      prints[name] = createHash('md5')
        .update(await readFile(path))
        .digest('hex');
  }
  return prints;
}

describe('simulateSnapshots', () => {
  it('writes one folder per date with five tables and META.json, and nothing else', async () => {
    expect(await readdir(join(root, 'first'))).toEqual(['2025-01-06', '2025-01-13', '2025-01-20']);
    for (const { folder } of summary.snapshots) {
      expect((await readdir(folder)).sort()).toEqual([
        'META.json',
        'raw_address_labels.parquet',
        'raw_alerts.parquet',
        'raw_clusters.parquet',
        'raw_features.parquet',
        'raw_money_flows.parquet',
      ]);
    }
  });

  it('describes each file in META.json: md5, rows and bytes', async () => {
    for (const { folder, processingDate, rows } of summary.snapshots) {
      const meta = JSON.parse(await readFile(join(folder, 'META.json'), 'utf8')) as SnapshotMeta;
      expect(meta).toMatchObject({ network: 'simnet', processing_date: processingDate, window_days: 30 });
      expect(Object.keys(meta.files)).toHaveLength(5);
      for (const [name, described] of Object.entries(meta.files)) {
        const bytes = await readFile(join(folder, name));
        expect(described).toEqual({
          md5: createHash('md5').update(bytes).digest('hex'),
          rows: readTable(folder, name as SnapshotFile).numRows,
          bytes: bytes.length,
        });
        expect(rows[name]).toBe(described.rows);
      }
    }
  });

  it('gives the same bytes for the same seed and options, wherever', async () => {
    await simulateSnapshots({ ...small, outputDir: join(root, 'second') });
    expect(await fingerprint(join(root, 'second'))).toEqual(await fingerprint(join(root, 'first')));
  });

  it('gives another population for another seed', async () => {
    const { snapshots } = await simulateSnapshots({ ...small, seed: 6, outputDir: join(root, 'other') });
    const addresses = (folder: string) => new Set(textsOf(readSnapshot(folder).alerts, 'address'));
    const here = addresses(snapshots[0]?.folder ?? '');
    expect([...addresses(summary.snapshots[0]?.folder ?? '')].filter((address) => here.has(address))).toEqual(
      [],
    );
  });

  it('leaves finished folders alone when it is run again', async () => {
    const before = await stat(join(root, 'first', '2025-01-06', 'META.json'));
    const again = await simulateSnapshots({ ...small, outputDir: join(root, 'first') });
    expect(again.snapshots.map(({ written }) => written)).toEqual([false, false, false]);
    expect((await stat(join(root, 'first', '2025-01-06', 'META.json'))).mtimeMs).toBe(before.mtimeMs);
    expect(again.alerts).toBe(summary.alerts);
  });

  it('replaces other content only when asked to', async () => {
    const outputDir = join(root, 'replaced');
    await simulateSnapshots({ ...small, outputDir });
    const other = { ...small, seed: 8, outputDir };
    await expect(simulateSnapshots(other)).rejects.toThrow(SnapshotExistsError);
    const { snapshots } = await simulateSnapshots({ ...other, overwrite: true });
    expect(snapshots.every(({ written }) => written)).toBe(true);
    await simulateSnapshots({ ...small, seed: 8, outputDir: join(root, 'fresh') });
    expect(await fingerprint(outputDir)).toEqual(await fingerprint(join(root, 'fresh')));
  });

  it('notices a damaged file behind a matching META.json', async () => {
    const outputDir = join(root, 'damaged');
    await simulateSnapshots({ ...small, outputDir });
    await writeFile(join(outputDir, '2025-01-13', 'raw_alerts.parquet'), 'nothing');
    await expect(simulateSnapshots({ ...small, outputDir })).rejects.toThrow(/another raw_alerts.parquet/);
  });

  it('raises as many alerts as asked for, and counts what it says', () => {
    expect(summary.alerts).toBe(600);
    const snapshots = summary.snapshots.map(({ folder }) => readSnapshot(folder));
    snapshots.forEach(({ alerts, addressLabels }, i) => {
      const levels = textsOf(addressLabels, 'risk_level');
      const levelOf = new Map(
        textsOf(addressLabels, 'address').map((address, row) => [address, levels[row]]),
      );
      const labelled = textsOf(alerts, 'address').filter((address) => levelOf.has(address));
      expect(summary.snapshots[i]?.alerts).toBe(alerts.numRows);
      expect(summary.snapshots[i]?.labelledAlerts).toBe(labelled.length);
      expect(summary.snapshots[i]?.alertedAddresses).toBe(new Set(textsOf(alerts, 'address')).size);
    });
  });

  it('lets addresses come back in later snapshots, and others appear', () => {
    const seen = summary.snapshots.map(
      ({ folder }) => new Set(textsOf(readSnapshot(folder).alerts, 'address')),
    );
    const [first, , third] = seen as [Set<string>, Set<string>, Set<string>];
    const returning = [...third].filter((address) => first.has(address)).length;
    expect(returning / third.size).toBeGreaterThan(0.2);
    expect(returning / third.size).toBeLessThan(0.8);
  });

  it('tells of every snapshot as soon as it is there', async () => {
    const told: string[] = [];
    await simulateSnapshots({
      ...small,
      outputDir: join(root, 'told'),
      onSnapshot: ({ processingDate }) => told.push(processingDate),
    });
    expect(told).toEqual(['2025-01-06', '2025-01-13', '2025-01-20']);
  });

  it('stops when it is told to, keeping whole snapshots only', async () => {
    const controller = new AbortController();
    const outputDir = join(root, 'stopped');
    const run = simulateSnapshots({
      ...small,
      outputDir,
      signal: controller.signal,
      onSnapshot: () => controller.abort(),
    });
    await expect(run).rejects.toThrow(CancelledError);
    expect(await readdir(outputDir)).toEqual(['2025-01-06']);
  });

  it('says so when the output folder cannot be written', async () => {
    const outputDir = join(root, 'a file');
    await writeFile(outputDir, '');
    await expect(simulateSnapshots({ ...small, outputDir })).rejects.toThrow(OutputFolderError);
  });

  it.each<[string, Partial<SimulationOptions>]>([
    ['a single alert', { alerts: 1, snapshots: 1 }],
    ['a window of one day', { windowDays: 1 }],
    ['a window of a year', { windowDays: 365 }],
    ['no labels', { labelledShare: 0 }],
    ['labels for all', { labelledShare: 1 }],
    ['a negative seed', { seed: -7 }],
  ])('can do with %s', async (name, extreme) => {
    const options = { alerts: 120, snapshots: 2, ...extreme, outputDir: join(root, name) };
    const { alerts, labelledAlerts } = await simulateSnapshots(options);
    expect(alerts).toBe(options.alerts);
    if (extreme.labelledShare !== undefined) expect(labelledAlerts).toBe(alerts * extreme.labelledShare);
  });

  it('refuses options that cannot be meant, before it writes anything', async () => {
    const outputDir = join(root, 'refused');
    await expect(simulateSnapshots({ outputDir, alerts: -1 })).rejects.toThrow(InvalidInputError);
    await expect(stat(outputDir)).rejects.toThrow('ENOENT');
  });
});
