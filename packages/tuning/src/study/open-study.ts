import path from 'node:path';
import { StudyMismatchError } from '../errors.ts';
import type { Parameters } from '../space/search-space.ts';
import type { StartedTrial, TrialRecord } from '../trial.ts';
import { type FinishedPart, type Journal, parseJournal } from './journal.ts';
import { acquireLock } from './lock.ts';
import { differencesBetween, type StudySettings, settleSettings } from './settings.ts';
import { createStudyFile, openStudyFile, readStudyBytes } from './study-file.ts';

/** What a study file says, at the moment it was read. */
export interface StoredStudy {
  /** Absolute. */
  readonly path: string;
  readonly settings: StudySettings;
  /** The finished trials; the i-th has index i. */
  readonly trials: readonly TrialRecord[];
  /** The trial that was begun and is not finished. */
  readonly unfinished: StartedTrial | undefined;
}

/** A study that this process may add trials to, one after the other. Close it when done. */
export interface Study extends StoredStudy {
  /** Whether the file was there before. */
  readonly resumed: boolean;
  /** Bytes of a torn last line that were cut off. */
  readonly droppedBytes: number;
  /** Notes that the next trial begins. */
  start(parameters: Parameters): StartedTrial;
  /** Notes a value of the trial that was begun. */
  step(value: number): void;
  /** Notes how the trial that was begun ended; returns when it is on the disk. */
  finish(outcome: FinishedPart): TrialRecord;
  /** Releases the file and its lock. */
  close(): void;
}

/**
 * Makes a study, or goes on with it. The file is append-only lines of JSON: the settings, then what happened; each finished trial is
 * synced to the disk. Beside it, while it is open, stands `<file>.lock`: one process at a time writes a study. A last line that a
 * kill tore is cut off; a trial that was begun but not finished is `unfinished` and is run again.
 *
 * @param file its folder must be there
 * @throws {StudyMismatchError} when the file holds a study with other settings; it names them
 * @throws {StudyLockedError} when another process has it open
 * @throws {StudyDamagedError} when the file is no study; it is left as it is
 * @throws {StudyFileError} when it cannot be read or written
 * @throws {InvalidInputError} for settings that cannot be meant
 * @throws {InvalidSearchSpaceError} for a space that cannot be searched
 * @example
 * const study = await openStudy('study.jsonl', {
 *   objective: 'cv_auc', direction: 'maximize', space, sampler: sampler.settings, seed: 42, fingerprint: { data: sha256 },
 * });
 */
export async function openStudy(file: string, settings: StudySettings): Promise<Study> {
  const settled = settleSettings(settings);
  const absolute = path.resolve(file);
  const lock = acquireLock(`${absolute}.lock`);
  try {
    return openLocked(absolute, settled, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Reads a study without opening it for writing, also while another process writes it.
 *
 * @returns undefined where there is no such file
 * @throws {StudyDamagedError} when the file is no study
 * @throws {StudyFileError} when it cannot be read
 * @example
 * const stored = await readStudy('study.jsonl');
 * console.log(stored?.trials.length);
 */
export async function readStudy(file: string): Promise<StoredStudy | undefined> {
  const absolute = path.resolve(file);
  const bytes = readStudyBytes(absolute);
  if (bytes === undefined) return undefined;
  const { settings, trials, unfinished } = parseJournal(bytes, absolute);
  return { path: absolute, settings, trials, unfinished };
}

function openLocked(file: string, settings: StudySettings, release: () => void): Study {
  const before = readStudyBytes(file);
  if (before === undefined) createStudyFile(file, { type: 'study', version: 1, settings });
  const bytes = before ?? (readStudyBytes(file) as Buffer);
  const journal = parseJournal(bytes, file);
  const differences = differencesBetween(journal.settings, settings);
  if (differences.length > 0) throw new StudyMismatchError({ path: file, differences });
  return writableStudy(file, journal, {
    resumed: before !== undefined,
    droppedBytes: bytes.length - journal.wholeBytes,
    release,
  });
}

function writableStudy(
  file: string,
  journal: Journal,
  { resumed, droppedBytes, release }: { resumed: boolean; droppedBytes: number; release: () => void },
): Study {
  const trials = [...journal.trials];
  let { unfinished } = journal;
  const output = openStudyFile(file, journal.wholeBytes);

  function begun(): StartedTrial {
    if (unfinished === undefined) throw new Error(`trial ${trials.length} of ${file} was not started`);
    return unfinished;
  }
  return {
    path: file,
    settings: journal.settings,
    trials,
    get unfinished() {
      return unfinished;
    },
    resumed,
    droppedBytes,
    start(parameters) {
      const started = { index: trials.length, parameters };
      output.append({ type: 'started', ...started });
      unfinished = started;
      return started;
    },
    step(value) {
      output.append({ type: 'step', index: begun().index, value });
    },
    finish(outcome) {
      const trial = { ...begun(), ...outcome, index: trials.length } as TrialRecord;
      const { parameters: _, ...part } = trial;
      output.append({ type: 'finished', ...(part as FinishedPart) }, { sync: true });
      trials.push(trial);
      unfinished = undefined;
      return trial;
    },
    close() {
      output.close();
      release();
    },
  };
}
