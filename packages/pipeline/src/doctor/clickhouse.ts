import { failedCheck } from './failed-check.ts';
import type { MachineCheck } from './machine-check.ts';
import type { ProbeFailure, ProbeOutcome } from './probes.ts';

/** Stands for a network where none was named: asking for it shows whether the engine opens, and changes nothing. */
export const NO_NETWORK = 'doctor';

/** Errors about the database of a network; whoever gets one has reached ClickHouse, and it is new enough. */
const ABOUT_THE_DATABASE = [
  'UNKNOWN_NETWORK',
  'DATABASE_SERVES_ANOTHER_NETWORK',
  'MIGRATION_MISMATCH',
  'MISSING_TABLE',
  'MISSING_COLUMN',
];

/** The embedded ClickHouse: whether it starts at all. */
export function checkEmbeddedEngine(outcome: ProbeOutcome<'embedded engine'>): MachineCheck {
  const name = 'ClickHouse';
  if (outcome.ok) return { name, status: 'ok', found: `${outcome.value.version}, embedded` };
  return failedCheck(name, outcome.failure, {
    expected: 'the embedded engine of the package chdb',
    remedy:
      'install the packages anew (in a checkout: npm run setup), or set CLICKHOUSE_URL to a ClickHouse server',
  });
}

/** The server: whether it answers, lets the user in and is new enough. */
export function checkServer(outcome: ProbeOutcome<'database'>): MachineCheck {
  const name = 'ClickHouse';
  if (outcome.ok)
    return { name, status: 'ok', found: `${outcome.value.version} at ${outcome.value.location}` };
  if (isAboutTheDatabase(outcome.failure))
    return { name, status: 'ok', found: 'the server answers and is new enough' };
  return failedCheck(name, outcome.failure, {
    expected: 'a ClickHouse server at CLICKHOUSE_URL',
    remedy: 'check CLICKHOUSE_URL and that the server runs, or unset it for the embedded ClickHouse',
  });
}

/** The data folder of the embedded engine, which passed as a folder: whether the engine opens it, or who has it open. */
export function checkEngineFolder(folder: MachineCheck, outcome: ProbeOutcome<'database'>): MachineCheck {
  if (outcome.ok || isAboutTheDatabase(outcome.failure)) return folder;
  const isLocked = outcome.failure.code === 'DATA_FOLDER_LOCKED';
  return failedCheck(folder.name, outcome.failure, { status: isLocked ? 'warning' : 'missing' });
}

/** The database of the network that was named: whether it was initialised, and is up to date. */
export function checkDatabase(network: string, outcome: ProbeOutcome<'database'>): MachineCheck {
  const name = `network ${network}`;
  if (outcome.ok) return { name, status: 'ok', found: `${outcome.value.name}, up to date` };
  return failedCheck(name, outcome.failure, { expected: 'a database that was initialised' });
}

function isAboutTheDatabase({ code }: ProbeFailure): boolean {
  return code !== undefined && ABOUT_THE_DATABASE.includes(code);
}
