import { InvalidInputError } from '@risk-scoring/contract';
import { dayNumber, formatDay } from './calendar.ts';

/** What to simulate and where to put it. */
export interface SimulationOptions {
  /** One folder per snapshot is written below it; it is made when absent. */
  readonly outputDir: string;
  /** Named in META.json and the labels: lower case letters, digits and `_`. `simnet` when absent. */
  readonly network?: string | undefined;
  /** Any whole number; the same seed and options give the same bytes. 1 when absent. */
  readonly seed?: number | undefined;
  /** How many snapshots; 6 when absent. */
  readonly snapshots?: number | undefined;
  /** Processing date of the first snapshot, `YYYY-MM-DD`; 2025-01-06 when absent. */
  readonly firstDate?: string | undefined;
  /** Days from one processing date to the next; 7 when absent. */
  readonly stepDays?: number | undefined;
  /** How many days before its processing date a snapshot sees; 30 when absent. */
  readonly windowDays?: number | undefined;
  /** Alerts over all snapshots together; 20,000 when absent. */
  readonly alerts?: number | undefined;
  /** The share of alerted addresses that have a published label, 0..1; 0.3 when absent. */
  readonly labelledShare?: number | undefined;
  /** Replace snapshot folders that hold something else; otherwise they are an error. */
  readonly overwrite?: boolean | undefined;
  /** Told of every snapshot as soon as its folder is whole. */
  readonly onSnapshot?: ((snapshot: SnapshotSummary) => void) | undefined;
  /** Stops between snapshots and between tables; what was written stays whole. */
  readonly signal?: AbortSignal | undefined;
}

/** One snapshot that is there now. */
export interface SnapshotSummary {
  readonly processingDate: string;
  /** The folder that holds it. */
  readonly folder: string;
  /** False when the folder was there already with the same content. */
  readonly written: boolean;
  readonly alerts: number;
  /** Distinct addresses with an alert. */
  readonly alertedAddresses: number;
  /** Alerts whose address has a published label. */
  readonly labelledAlerts: number;
  /** Alerts whose address is published as high or critical risk (by its first label row). */
  readonly positiveAlerts: number;
  /** Rows per file name. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What a run of the simulator left behind. */
export interface SimulationSummary {
  readonly outputDir: string;
  readonly network: string;
  readonly seed: number;
  readonly windowDays: number;
  readonly alerts: number;
  readonly labelledAlerts: number;
  readonly positiveAlerts: number;
  readonly snapshots: readonly SnapshotSummary[];
}

/** The options that decide what is simulated, checked and complete. */
export interface SimulationPlan {
  readonly outputDir: string;
  readonly network: string;
  readonly seed: number;
  readonly snapshots: number;
  /** Days since 1970-01-01. */
  readonly firstDay: number;
  readonly stepDays: number;
  readonly windowDays: number;
  readonly alerts: number;
  readonly labelledShare: number;
}

/** ClickHouse's DateTime ends in 2106, and no window may begin before 1970. */
const LAST_DATE = '2106-01-01';

/**
 * Fills in defaults and refuses what cannot be meant.
 *
 * @throws {InvalidInputError} naming the option
 */
export function planSimulation(options: SimulationOptions): SimulationPlan {
  const plan = {
    outputDir: options.outputDir,
    network: options.network ?? 'simnet',
    seed: options.seed ?? 1,
    snapshots: options.snapshots ?? 6,
    firstDay: firstDayOf(options.firstDate ?? '2025-01-06'),
    stepDays: options.stepDays ?? 7,
    windowDays: options.windowDays ?? 30,
    alerts: options.alerts ?? 20_000,
    labelledShare: options.labelledShare ?? 0.3,
  };
  if (typeof plan.outputDir !== 'string' || plan.outputDir === '') {
    throw refuse('outputDir', 'the path of a folder', plan.outputDir);
  }
  if (typeof plan.network !== 'string' || !/^[a-z][a-z0-9_]{0,62}$/.test(plan.network)) {
    throw refuse('network', 'lower case letters, digits and _, starting with a letter', plan.network);
  }
  if (!Number.isSafeInteger(plan.seed)) throw refuse('seed', 'a whole number', plan.seed);
  checkWhole('snapshots', plan.snapshots, [1, 10_000]);
  checkWhole('stepDays', plan.stepDays, [1, 365]);
  checkWhole('windowDays', plan.windowDays, [1, 365]);
  checkWhole('alerts', plan.alerts, [plan.snapshots, 100_000_000]);
  if (!(plan.labelledShare >= 0 && plan.labelledShare <= 1)) {
    throw refuse('labelledShare', 'a number from 0 to 1', plan.labelledShare);
  }
  checkDates(plan);
  return plan;
}

function firstDayOf(firstDate: string): number {
  const day = dayNumber(firstDate);
  if (day === undefined) throw refuse('firstDate', 'a date such as 2025-01-06', firstDate);
  return day;
}

function checkDates({ firstDay, stepDays, snapshots, windowDays }: SimulationPlan): void {
  const lastDay = firstDay + stepDays * (snapshots - 1);
  if (firstDay - windowDays < 0) {
    throw refuse('firstDate', 'a window that begins in 1970 or later', formatDay(firstDay));
  }
  if (formatDay(lastDay) > LAST_DATE) {
    throw refuse('the last snapshot', `a date up to ${LAST_DATE}`, formatDay(lastDay));
  }
}

function checkWhole(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw refuse(name, `a whole number from ${least} to ${most}`, value);
}

function refuse(name: string, expected: string, found: unknown): InvalidInputError {
  return new InvalidInputError({ what: `The simulation option '${name}'`, expected, found });
}
