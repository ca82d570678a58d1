import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { throwIfCancelled } from '@risk-scoring/contract';
import { databaseName, resolveDataDir } from '@risk-scoring/storage';
import {
  checkDatabase,
  checkEmbeddedEngine,
  checkEngineFolder,
  checkServer,
  NO_NETWORK,
} from './clickhouse.ts';
import { checkComputer, readComputer } from './computer.ts';
import { failedCheck } from './failed-check.ts';
import { checkFolder, checkSpace } from './folders.ts';
import { hideCredentials } from './hide-credentials.ts';
import type { MachineCheck } from './machine-check.ts';
import {
  checkKoffi,
  checkLightGBM,
  checkOnnxRuntime,
  checkXGBoost,
  correctLibraryPath,
  explainBuild,
} from './native-libraries.ts';
import type { ProbeName, ProbeOutcome, Probes } from './probes.ts';
import { runProbe } from './run-probe.ts';
import { checkSettings } from './settings.ts';

/** How many are tried; the build tools besides, where LightGBM is missing. */
const PARTS = { embedded: 8, server: 6 };

/** What to look at. */
export interface InspectOptions {
  /** Looks at the database of this network, too. */
  readonly network?: string;
  /** Data folder of the embedded engine, as for `openDatabase`; naming one means the embedded engine. */
  readonly dataDir?: string;
  /** Where models are saved. */
  readonly modelsDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** For each thing that is tried; default 30 s. */
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal;
  /** Told before and after each part that is tried. */
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly detail: string;
  }) => void;
}

/**
 * Looks at everything that the product needs of this machine. What loads native code or waits for disks and networks is tried in
 * a process of its own with a time limit, so this neither crashes nor hangs with it: a failure is a check like any other.
 * Nothing is changed; the embedded engine is tried in a scratch folder. No user name and no password is repeated.
 *
 * @throws {InvalidInputError} for a network that cannot be one
 * @throws {CancelledError} when the signal aborts
 * @example
 * const checks = await inspectMachine({ network: 'ethereum' });
 * checks.filter(({ status }) => status !== 'ok').map(({ name, remedy }) => `${name}: ${remedy}`);
 */
export async function inspectMachine(options: InspectOptions = {}): Promise<MachineCheck[]> {
  const { signal, dataDir, env = process.env } = options;
  if (options.network !== undefined) databaseName(options.network);
  const onServer = !dataDir && Boolean(env.CLICKHOUSE_URL?.trim());
  const probe = createProber(options, env, onServer ? PARTS.server : PARTS.embedded);
  const checks = [
    ...isolated('computer', () => checkComputer(readComputer())),
    ...(onServer ? await inspectServer(probe, options) : await inspectEmbedded(probe, options, env)),
    ...(await inspectLibraries(probe, env)),
    ...isolated('settings', () => checkSettings(env, dataDir)),
  ];
  throwIfCancelled(signal, 'looking at the machine');
  return checks.map((check) => hideCredentials(check, env));
}

type Probe = <Name extends ProbeName>(
  name: Name,
  input: Probes[Name]['input'],
) => Promise<ProbeOutcome<Name>>;

async function inspectServer(probe: Probe, options: InspectOptions): Promise<MachineCheck[]> {
  const { network, modelsDir } = options;
  const database = await probe('database', { network: network ?? NO_NETWORK });
  return [
    checkServer(database),
    ...(network === undefined ? [] : [checkDatabase(network, database)]),
    ...(await inspectModelsFolder(probe, modelsDir)),
  ];
}

async function inspectEmbedded(
  probe: Probe,
  { network, dataDir, modelsDir }: InspectOptions,
  env: NodeJS.ProcessEnv,
): Promise<MachineCheck[]> {
  const name = 'data folder';
  const place = { dataDir: resolveDataDir(dataDir, env) };
  const engine = await inspectEngine(probe);
  const folder = await inspectFolder(probe, name, place.dataDir);
  const database = await probe('database', { ...place, network: network ?? NO_NETWORK });
  const [first, ...space] = folder;
  return [
    engine,
    // Where the folder itself is at fault, or no engine starts anywhere, opening it says nothing new.
    ...(first?.status === 'ok' && engine.status === 'ok'
      ? [checkEngineFolder(first, database)]
      : folder.slice(0, 1)),
    ...(network === undefined ? [] : [checkDatabase(network, database)]),
    ...space,
    ...(await inspectModelsFolder(probe, modelsDir)),
  ];
}

async function inspectEngine(probe: Probe): Promise<MachineCheck> {
  const scratch = path.join(tmpdir(), `risk-scoring-doctor-${randomUUID()}`);
  const outcome = await probe('embedded engine', scratch);
  // A process that was killed leaves its folder.
  if (!outcome.ok) await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  return checkEmbeddedEngine(outcome);
}

function inspectModelsFolder(probe: Probe, modelsDir = 'trained_models'): Promise<MachineCheck[]> {
  return inspectFolder(probe, 'models folder', path.resolve(modelsDir));
}

async function inspectFolder(probe: Probe, name: string, folder: string): Promise<MachineCheck[]> {
  const outcome = await probe('folder', folder);
  if (!outcome.ok) return [failedCheck(name, outcome.failure, { expected: `an answer about ${folder}` })];
  return [checkFolder(name, outcome.value), ...checkSpace(`disk of the ${name}`, outcome.value)];
}

async function inspectLibraries(probe: Probe, env: NodeJS.ProcessEnv): Promise<MachineCheck[]> {
  const koffi = checkKoffi(await probe('koffi', undefined));
  const lightgbm = checkLightGBM(await probe('lightgbm', undefined));
  return [
    koffi,
    // Whatever is built, koffi has to load it.
    ...(koffi.status === 'ok' && lightgbm.status !== 'ok' ? await repair(probe, lightgbm, env) : [lightgbm]),
    checkXGBoost(await probe('xgboost', undefined)),
    checkOnnxRuntime(await probe('onnxruntime', undefined)),
  ];
}

async function repair(probe: Probe, lightgbm: MachineCheck, env: NodeJS.ProcessEnv): Promise<MachineCheck[]> {
  if (env.LIGHTGBM_LIBRARY) return [correctLibraryPath(lightgbm)];
  return explainBuild(lightgbm, await probe('build tools', undefined));
}

/** Runs probes one after the other, as they share the cores, and tells of each. */
function createProber(options: InspectOptions, env: NodeJS.ProcessEnv, parts: number): Probe {
  const { signal, onProgress, timeLimitMs = 30_000 } = options;
  let done = 0;
  return async (name, input) => {
    throwIfCancelled(signal, 'looking at the machine');
    const tell = () => onProgress?.({ done, total: Math.max(parts, done), detail: name });
    tell();
    const outcome = await runProbe(name, input, { env, timeLimitMs, signal });
    done += 1;
    tell();
    return outcome;
  };
}

/** Checks that are done at once, in this process. */
function isolated(name: string, work: () => MachineCheck[]): MachineCheck[] {
  try {
    return work();
  } catch (error) {
    return [failedCheck(name, { summary: error instanceof Error ? error.message : String(error) })];
  }
}
