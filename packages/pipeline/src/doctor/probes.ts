import type { BuildTools } from '@risk-scoring/trainers';
import type { FolderFacts } from './folders.ts';

/** A database as it was found. */
export interface DatabaseFacts {
  /** ClickHouse's version. */
  readonly version: string;
  /** `risk_scoring_{network}`, or another name on a server. */
  readonly name: string;
  /** A folder, or an address without credentials. */
  readonly location: string;
}

/**
 * What is tried in a process of its own each, as it loads native code or waits for disks and networks: it may crash or hang, and
 * only that process does.
 */
export interface Probes {
  folder: { input: string; output: FolderFacts };
  koffi: { input: undefined; output: { readonly version: string } };
  lightgbm: { input: undefined; output: { readonly version: string; readonly path: string } };
  xgboost: { input: undefined; output: { readonly version: string; readonly path: string } };
  'build tools': { input: undefined; output: BuildTools };
  onnxruntime: {
    input: undefined;
    output: { readonly version: string; readonly backends: readonly string[] };
  };
  /** An embedded engine in a scratch folder of this path, which is gone afterwards. */
  'embedded engine': { input: string; output: { readonly version: string } };
  /** The database of a network as it is: in a data folder, or without one on the server that the environment names. */
  database: { input: { readonly network: string; readonly dataDir?: string }; output: DatabaseFacts };
}

export type ProbeName = keyof Probes;

/** Why a probe gave nothing: the parts of a typed error, or at least a summary. */
export interface ProbeFailure {
  readonly code?: string;
  readonly summary: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
}

/** What a probe came to. */
export type ProbeOutcome<Name extends ProbeName = ProbeName> =
  | { readonly ok: true; readonly value: Probes[Name]['output'] }
  | { readonly ok: false; readonly failure: ProbeFailure };

/** What the process of a probe is told to do. */
export interface ProbeRequest<Name extends ProbeName = ProbeName> {
  readonly name: Name;
  readonly input: Probes[Name]['input'];
}
