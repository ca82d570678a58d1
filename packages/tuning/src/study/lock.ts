import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { StudyFileError, StudyLockedError } from '../errors.ts';
import { isPlainObject } from '../json.ts';
import { processStart } from './process-start.ts';

/** A lock that is held until it is released or its process ends. */
export interface Lock {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: string | undefined;
  readonly token: string;
}

/** A lock file between its making and its writing; older than this, its maker was killed in between. */
const WRITING_MILLISECONDS = 5000;
const MOST_ATTEMPTS = 1000;
const TOKEN = /^[0-9a-f-]{36}$/;

/**
 * Takes a lock file, made with O_EXCL so that one process has it. The lock of a process that is gone is taken over.
 *
 * Two processes may find the same dead owner at once; if each removed the file and made its own, the slower would remove the
 * lock of the faster. So only who holds a lock on taking over this very owner replaces the file, after looking again.
 *
 * @throws {StudyLockedError} when a living process has it, or a process of another machine, of which nobody here can tell
 * @throws {StudyFileError} when the file cannot be made
 */
export function acquireLock(file: string): Lock {
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
    token: randomUUID(),
  };
  const content = `${JSON.stringify(owner)}\n`;
  try {
    for (let attempt = 0; !createOnce(file, content); attempt++) {
      // A link that leads nowhere can be neither made nor read.
      if (attempt >= MOST_ATTEMPTS) throw new Error('it can be neither made nor read');
      const holder = readOwner(file);
      if (holder === undefined) continue;
      if (holder.alive) throw new StudyLockedError({ lockFile: file, owner: holder.name });
      if (replaceDead(file, holder.token, content)) break;
    }
  } catch (cause) {
    if (cause instanceof StudyLockedError || cause instanceof StudyFileError) throw cause;
    throw new StudyFileError({ path: file, doing: 'taking its lock', cause });
  }
  return {
    release() {
      if (readOwner(file)?.token === owner.token) rmSync(file, { force: true });
    },
  };
}

function createOnce(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function replaceDead(file: string, token: string, content: string): boolean {
  const takeover = acquireLock(`${file}.${token}`);
  try {
    if (readOwner(file)?.token !== token) return false;
    const next = `${file}.${token}.next`;
    writeFileSync(next, content);
    renameSync(next, file);
    return true;
  } finally {
    takeover.release();
  }
}

/** Who has the lock; undefined when nobody has it any more. */
function readOwner(file: string): { token: string; alive: boolean; name: string } | undefined {
  let text: string;
  let age: number;
  let changed: number;
  try {
    text = readFileSync(file, 'utf8');
    changed = Math.floor(statSync(file).mtimeMs);
    age = Date.now() - changed;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const owner = parseOwner(text);
  if (owner === undefined) {
    return {
      token: `unreadable-${changed}`,
      alive: age < WRITING_MILLISECONDS,
      name: 'a lock without an owner',
    };
  }
  return { token: owner.token, alive: isAlive(owner), name: `process ${owner.pid} of ${owner.host}` };
}

function parseOwner(text: string): Owner | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (!isPlainObject(json)) return undefined;
    const { pid, host, started, token } = json;
    const valid =
      Number.isSafeInteger(pid) && Number(pid) > 0 && typeof host === 'string' && TOKEN.test(String(token));
    if (!valid) return undefined;
    return {
      pid: Number(pid),
      host,
      started: typeof started === 'string' ? started : undefined,
      token: String(token),
    };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, host, started }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = processStart(pid);
  return now === undefined || (now !== 'ended' && (started === undefined || now === started));
}
