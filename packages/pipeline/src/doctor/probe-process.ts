// The process of one probe. Nothing is imported before it is needed: what cannot be loaded is an outcome, too.
import { rm } from 'node:fs/promises';
import type { ProbeFailure, ProbeName, ProbeOutcome, ProbeRequest, Probes } from './probes.ts';

const probes: { [Name in ProbeName]: (input: Probes[Name]['input']) => Promise<Probes[Name]['output']> } = {
  async folder(folder) {
    const { readFolder } = await import('./folders.ts');
    return readFolder(folder);
  },
  async koffi() {
    const { describeKoffi } = await import('@risk-scoring/trainers');
    return describeKoffi();
  },
  async lightgbm() {
    const { describeLightgbm } = await import('@risk-scoring/trainers');
    return describeLightgbm();
  },
  async xgboost() {
    const { describeXGBoost } = await import('@risk-scoring/trainer-xgboost');
    return describeXGBoost();
  },
  async 'build tools'() {
    const { describeBuildTools } = await import('@risk-scoring/trainers');
    return describeBuildTools();
  },
  async onnxruntime() {
    const { describeOnnxRuntime } = await import('@risk-scoring/onnx');
    return describeOnnxRuntime();
  },
  async 'embedded engine'(dataDir) {
    const { initDatabase } = await import('@risk-scoring/storage');
    try {
      const { database } = await initDatabase({ network: 'doctor', dataDir });
      try {
        return { version: await versionOf(database) };
      } finally {
        await database.close();
      }
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  async database(place) {
    const { openDatabase } = await import('@risk-scoring/storage');
    // One lost connection is no finding; waiting for a server that is away helps nobody here.
    const options = { ...place, retry: { attempts: 2 }, onRetry: () => undefined };
    const database = await openDatabase(options);
    try {
      const { name, engine } = database;
      return { version: await versionOf(database), name, location: engine.location };
    } finally {
      await database.close();
    }
  },
};

interface Queried {
  query<Row extends object>(statement: { readonly sql: string; readonly doing: string }): Promise<Row[]>;
}

async function versionOf(database: Queried): Promise<string> {
  const [row] = await database.query<{ version: string }>({
    sql: 'SELECT version() AS version',
    doing: 'asking for the version',
  });
  return row?.version ?? 'unknown';
}

async function run<Name extends ProbeName>({ name, input }: ProbeRequest<Name>): Promise<ProbeOutcome<Name>> {
  try {
    return { ok: true, value: await probes[name](input) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function describeFailure(error: unknown): ProbeFailure {
  // Typed errors know their parts; the class may be of another copy of the contract, or not be loadable at all.
  const parts = (error as { toJSON?: () => ProbeFailure } | undefined)?.toJSON?.();
  if (typeof parts?.summary === 'string') return parts;
  return { summary: error instanceof Error ? error.message : String(error) };
}

process.once('message', async (request: ProbeRequest) => {
  const outcome = await run(request);
  process.send?.(outcome, () => process.disconnect());
});
