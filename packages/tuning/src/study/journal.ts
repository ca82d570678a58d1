import { StudyDamagedError } from '../errors.ts';
import { isPlainObject, type JsonObject, show } from '../json.ts';
import type { Parameters } from '../space/search-space.ts';
import type { StartedTrial, TrialRecord } from '../trial.ts';
import type { StudySettings } from './settings.ts';

/** The first line of a study file. */
export interface HeaderLine {
  readonly type: 'study';
  readonly version: 1;
  readonly settings: StudySettings;
}

/** Every other line. A trial is started, reports values and is finished; if its process was killed it is started again. */
export type JournalLine =
  | { readonly type: 'started'; readonly index: number; readonly parameters: Parameters }
  | { readonly type: 'step'; readonly index: number; readonly value: number }
  | ({ readonly type: 'finished' } & FinishedPart);

/** A finished trial without its parameters, which the line of its start has. */
export type FinishedPart = TrialRecord extends infer Trial
  ? Trial extends TrialRecord
    ? Omit<Trial, 'parameters'>
    : never
  : never;

/** What a study file says. */
export interface Journal {
  readonly settings: StudySettings;
  readonly trials: readonly TrialRecord[];
  readonly unfinished: StartedTrial | undefined;
  /** Bytes of whole lines; what follows was torn when its process was killed. */
  readonly wholeBytes: number;
}

const NEWLINE = 10;

/**
 * Reads the bytes of a study file. A last line without its newline, or that is no JSON, was torn and is left out.
 *
 * @throws {StudyDamagedError} when the first line is no header, or a later one cannot follow those before it
 */
export function parseJournal(bytes: Buffer, path: string): Journal {
  const { lines, wholeBytes } = wholeLines(bytes, path);
  const settings = headerSettings(lines[0], path);
  const trials: TrialRecord[] = [];
  let unfinished: StartedTrial | undefined;
  for (const [i, line] of lines.entries()) {
    if (i === 0) continue;
    const refuse = (expected: string) =>
      new StudyDamagedError({ path, line: i + 1, expected, found: show(line) });
    const index = trials.length;
    if (!isPlainObject(line) || line.index !== index) throw refuse(`a record of trial ${index}`);
    if (line.type === 'started') {
      if (!isPlainObject(line.parameters)) throw refuse('the parameters of a trial');
      unfinished = { index, parameters: line.parameters as Parameters };
    } else if (unfinished === undefined) {
      throw refuse(`the start of trial ${index}`);
    } else if (line.type === 'finished') {
      trials.push(finishedTrial(line, unfinished) ?? refuseWith(refuse('a finished trial with its values')));
      unfinished = undefined;
    } else if (line.type !== 'step' || !Number.isFinite(line.value)) {
      throw refuse("a record of type 'started', 'step' or 'finished'");
    }
  }
  return { settings, trials, unfinished, wholeBytes };
}

function refuseWith(error: Error): never {
  throw error;
}

function wholeLines(bytes: Buffer, path: string): { lines: unknown[]; wholeBytes: number } {
  const lines: unknown[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) break;
    const text = bytes.toString('utf8', start, end);
    const line = parseLine(text);
    if (line === undefined) {
      const isLast = end === bytes.length - 1 && lines.length > 0;
      if (isLast) break;
      throw new StudyDamagedError({
        path,
        line: lines.length + 1,
        expected: 'a line of JSON',
        found: show(text),
      });
    }
    lines.push(line);
    start = end + 1;
  }
  return { lines, wholeBytes: start };
}

/** Undefined for what is no JSON, which never means undefined. */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function headerSettings(line: unknown, path: string): StudySettings {
  if (isPlainObject(line) && line.type === 'study' && line.version === 1 && isPlainObject(line.settings)) {
    return line.settings as unknown as StudySettings;
  }
  throw new StudyDamagedError({
    path,
    line: 1,
    expected: 'the header of a study of version 1',
    found: show(line),
  });
}

function finishedTrial(line: Record<string, unknown>, started: StartedTrial): TrialRecord | undefined {
  const { state, values, seconds, value, error } = line;
  if (!Array.isArray(values) || !values.every(Number.isFinite) || typeof seconds !== 'number')
    return undefined;
  const common = { ...started, values: values as number[], seconds };
  if (state === 'complete' && typeof value === 'number') return { ...common, state, value };
  if (state === 'pruned') return { ...common, state };
  if (state === 'failed' && isPlainObject(error) && typeof error.message === 'string') {
    return {
      ...common,
      state,
      error: error as JsonObject & Extract<TrialRecord, { state: 'failed' }>['error'],
    };
  }
  return undefined;
}
