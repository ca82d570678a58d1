import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StudyFileError, StudyLockedError } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { acquireLock } from './lock.ts';

async function lockPath(): Promise<string> {
  return path.join(await temporaryFolder(), 'study.jsonl.lock');
}

const token = '00000000-0000-4000-8000-000000000000';
const source = fileURLToPath(new URL('../../dist/study/lock.js', import.meta.url));

/** Starts a process that takes the lock and then does `after`; what it says is whether it has it. */
function startChild(file: string, after: string) {
  const script = `
    import { acquireLock } from ${JSON.stringify(source)};
    try { acquireLock(${JSON.stringify(file)}); console.log('taken'); } catch (error) { console.log(error.code); }
    ${after}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const said = new Promise<string>((resolve) =>
    child.stdout.once('data', (text) => resolve(String(text).trim())),
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return { child, said, exited };
}

/** A process that tries to take the lock at a time, or releases it, when asked to, and answers. */
function startContender(file: string) {
  const script = `
    import { createInterface } from 'node:readline';
    import { acquireLock } from ${JSON.stringify(source)};
    let lock;
    console.log('ready');
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === 'release') { lock?.release(); lock = undefined; console.log('released'); continue; }
      while (Date.now() < Number(line.slice(3)));
      try { lock = acquireLock(${JSON.stringify(file)}); console.log('taken'); } catch (error) { console.log(error.code); }
    }
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => String((await lines.next()).value);
  const ask = (question: string) => {
    child.stdin.write(`${question}\n`);
    return answer();
  };
  return { child, answer, ask };
}

describe('acquireLock', () => {
  it('lets one have it, names who, and lets the next have it after the release', async () => {
    const file = await lockPath();
    const lock = acquireLock(file);
    expect(() => acquireLock(file)).toThrow(StudyLockedError);
    expect(() => acquireLock(file)).toThrow(new RegExp(`process ${process.pid} of ${hostname()}`));
    lock.release();
    expect(existsSync(file)).toBe(false);
    acquireLock(file).release();
  });

  it('is refused while another process lives, and taken over when it was killed', async () => {
    const file = await lockPath();
    const { child, said, exited } = startChild(file, 'setInterval(() => {}, 1000);');
    expect(await said).toBe('taken');
    expect(() => acquireLock(file)).toThrow(new RegExp(`process ${child.pid} `));
    child.kill('SIGKILL');
    await exited;
    const lock = acquireLock(file);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when its process id was given to another process',
    async () => {
      const file = await lockPath();
      const owner = { pid: process.pid, host: hostname(), started: 'another boot:1', token };
      await writeFile(file, JSON.stringify(owner));
      acquireLock(file).release();
    },
  );

  it('is left to a process of another machine, of which nobody here can tell', async () => {
    const file = await lockPath();
    await writeFile(file, JSON.stringify({ pid: 1, host: 'elsewhere.invalid', token }));
    expect(() => acquireLock(file)).toThrow(/process 1 of elsewhere.invalid/);
  });

  it('waits for an owner to be written, but not for ever', async () => {
    const file = await lockPath();
    await writeFile(file, '');
    expect(() => acquireLock(file)).toThrow(StudyLockedError);
    const minuteAgo = new Date(Date.now() - 60_000);
    await utimes(file, minuteAgo, minuteAgo);
    acquireLock(file).release();
  });

  it('goes to exactly one of several processes that find the same dead owner at once', async () => {
    const file = await lockPath();
    const gone = startChild(file, '');
    await gone.exited;
    const dead = JSON.parse(await readFile(file, 'utf8'));
    const contenders = Array.from({ length: 3 }, () => startContender(file));
    await Promise.all(contenders.map(({ answer }) => answer()));
    for (let round = 0; round < 25; round++) {
      await writeFile(file, JSON.stringify({ ...dead, token: randomUUID() }));
      const start = Date.now() + 5;
      const said = await Promise.all(contenders.map(({ ask }) => ask(`at ${start}`)));
      expect(said.toSorted(), `round ${round}`).toEqual(['STUDY_LOCKED', 'STUDY_LOCKED', 'taken']);
      await Promise.all(contenders.map(({ ask }) => ask('release')));
    }
  });

  it('says when there is no folder for it', async () => {
    expect(() => acquireLock(path.join(path.dirname('/'), 'none', 'x.lock'))).toThrow(StudyFileError);
  });
});
