import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SimulationOptions, simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import type { FeatureSnapshot } from '../matrix/chunks.ts';

/** A database in a folder of its own. */
export interface TemporaryDatabase {
  readonly database: Database;
  /** Where the simulated snapshots lie. */
  readonly snapshots: string;
  /** Closes the database and removes the folder. */
  dispose(): Promise<void>;
}

/**
 * An empty database of the network `simnet`, or one with simulated snapshots.
 *
 * @example
 * const { database, dispose } = await temporaryDatabase({ seed: 3, alerts: 200, snapshots: 2 });
 */
export async function temporaryDatabase(
  simulation?: Omit<SimulationOptions, 'outputDir' | 'network'>,
): Promise<TemporaryDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
  const snapshots = path.join(folder, 'snapshots');
  const { database } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'data') });
  const dispose = async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  if (simulation !== undefined) {
    await simulateSnapshots({ ...simulation, outputDir: snapshots });
    await ingestSnapshots(database, { from: snapshots });
  }
  return { database, snapshots, dispose };
}

/**
 * The published snapshots of a window, as `buildFeatureMatrix` takes them.
 *
 * @example
 * await buildFeatureMatrix(database, { snapshots: await publishedSnapshots(database, 30), plan });
 */
export async function publishedSnapshots(database: Database, windowDays: number): Promise<FeatureSnapshot[]> {
  return database.query<FeatureSnapshot>({
    sql: `SELECT toString(processing_date) AS processingDate, toUInt32(any(window_days)) AS windowDays, toUInt32(count()) AS rows
FROM published_alerts
WHERE window_days = {windowDays:UInt16}
GROUP BY processing_date
ORDER BY processing_date`,
    params: { windowDays },
    doing: 'listing the snapshots',
  });
}
