import type { ClickHouseSettings } from '@clickhouse/client';
import { InvalidInputError } from '@risk-scoring/contract';

const units: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MiB: 2 ** 20, GiB: 2 ** 30 };
/** Below this an engine can hardly read two columns. */
const least = 50e6;

/**
 * How much memory one query of the engine may take, from `RISK_SCORING_ENGINE_MEMORY`: `500MB`, `4GB`. Undefined where nobody bounds it.
 *
 * @throws {InvalidInputError} for a text that is no amount, or less than 50 MB
 * @example
 * engineMemoryFromEnvironment({ RISK_SCORING_ENGINE_MEMORY: '2GB' }); // 2000000000
 */
export function engineMemoryFromEnvironment(env: NodeJS.ProcessEnv = process.env): number | undefined {
  const text = env.RISK_SCORING_ENGINE_MEMORY?.trim();
  if (!text) return undefined;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text) ?? [];
  return checkEngineMemory(Number(amount) * (units[unit] ?? Number.NaN), text);
}

/**
 * Checks an amount of memory for one query of the engine.
 *
 * @param bytes whole or not; what is too little or no number is refused
 * @param found how it was written, for the message
 * @throws {InvalidInputError}
 */
export function checkEngineMemory(bytes: number, found = `${bytes}`): number {
  if (Number.isFinite(bytes) && bytes >= least) return Math.floor(bytes);
  throw new InvalidInputError({
    what: 'The memory of the engine (RISK_SCORING_ENGINE_MEMORY)',
    expected: '50MB or more, as an amount with MB, GB, MiB or GiB',
    found,
    remedy: 'write for example RISK_SCORING_ENGINE_MEMORY=2GB',
  });
}

/** Bounds the memory of each query. Grouping and sorting go on disk from half of it on; joins do so where the engine can. */
export function memorySettings(bytes: number | undefined): ClickHouseSettings {
  if (bytes === undefined) return {};
  const half = `${Math.floor(bytes / 2)}`;
  return {
    max_memory_usage: `${bytes}`,
    max_bytes_before_external_group_by: half,
    max_bytes_before_external_sort: half,
  };
}
