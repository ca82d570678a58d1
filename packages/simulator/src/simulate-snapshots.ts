import { CancelledError } from '@risk-scoring/contract';
import { formatDay } from './calendar.ts';
import { createNetwork, type SimulatedNetwork } from './network.ts';
import {
  planSimulation,
  type SimulationOptions,
  type SimulationPlan,
  type SimulationSummary,
  type SnapshotSummary,
} from './options.ts';
import { simulateSnapshot } from './simulate-snapshot.ts';
import { type SnapshotContent, writeSnapshotFolder } from './snapshot-folder.ts';
import { toParquet } from './tables/parquet.ts';
import type { Table } from './tables/table.ts';

/**
 * Writes seeded SOT snapshots: `{outputDir}/{YYYY-MM-DD}/` with one `raw_*.parquet` per table and META.json.
 *
 * A hidden population of addresses acts out its habits; features, alerts, clusters and flows are computed from the
 * transfers alone, labels follow the hidden truth with errors. So labels can be learned from behaviour, but never
 * perfectly and from nothing else. One snapshot is in memory at a time. A folder appears whole or not at
 * all; one with the same content is left alone, so that a killed run can simply be started again.
 *
 * @returns what is there now
 * @throws {InvalidInputError} on an option that cannot be meant
 * @throws {SnapshotExistsError} when a folder holds something else and `overwrite` is not set
 * @throws {OutputFolderError} when the output folder cannot be written
 * @throws {CancelledError} soon after `signal` aborts; finished snapshots stay
 * @example
 * const { alerts, positiveAlerts } = await simulateSnapshots({ outputDir: 'sot', seed: 7, alerts: 2000 });
 */
export async function simulateSnapshots(options: SimulationOptions): Promise<SimulationSummary> {
  const plan = planSimulation(options);
  await pause(options.signal);
  const network = createNetwork(plan);
  const snapshots: SnapshotSummary[] = [];
  for (let index = 0; index < plan.snapshots; index++) {
    const summary = await writeSnapshot(network, plan, { index, options });
    snapshots.push(summary);
    options.onSnapshot?.(summary);
  }
  const total = (count: (snapshot: SnapshotSummary) => number) =>
    snapshots.reduce((sum, snapshot) => sum + count(snapshot), 0);
  return {
    outputDir: plan.outputDir,
    network: plan.network,
    seed: plan.seed,
    windowDays: plan.windowDays,
    alerts: total(({ alerts }) => alerts),
    labelledAlerts: total(({ labelledAlerts }) => labelledAlerts),
    positiveAlerts: total(({ positiveAlerts }) => positiveAlerts),
    snapshots,
  };
}

async function writeSnapshot(
  network: SimulatedNetwork,
  plan: SimulationPlan,
  { index, options }: { index: number; options: SimulationOptions },
): Promise<SnapshotSummary> {
  await pause(options.signal);
  const processingDate = formatDay(plan.firstDay + index * plan.stepDays);
  const { tables, ...counts } = simulateSnapshot(network, plan, index);
  const files = await encodeFiles(tables, options.signal);
  const { folder, written } = await writeSnapshotFolder({
    outputDir: plan.outputDir,
    network: plan.network,
    processingDate,
    windowDays: plan.windowDays,
    files,
    overwrite: options.overwrite ?? false,
  });
  const rows = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, file.rows]));
  return { processingDate, folder, written, ...counts, rows };
}

async function encodeFiles(
  tables: Readonly<Record<string, Table>>,
  signal: AbortSignal | undefined,
): Promise<Record<string, SnapshotContent>> {
  const files: Record<string, SnapshotContent> = {};
  for (const [name, table] of Object.entries(tables)) {
    await pause(signal);
    files[name] = { rows: table.rows, bytes: toParquet(table) };
  }
  return files;
}

/** Lets timers and signals through between two pieces of work, and stops if one of them asked for it. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new CancelledError({ during: 'simulating snapshots' });
}
