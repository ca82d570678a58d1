import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { evaluate, pruner, sampler, settings, studyPath, withoutSeconds } from '../testing/studies.ts';
import { openStudy, readStudy } from './open-study.ts';
import { runStudy } from './run-study.ts';

/** The trials of the study in a file, once it has as many as asked for. */
async function runTo(path: string, trials: number): Promise<unknown[]> {
  const study = await openStudy(path, settings);
  try {
    return withoutSeconds((await runStudy({ study, sampler, pruner, trials, evaluate })).trials);
  } finally {
    study.close();
  }
}

describe('a study that is cut anywhere', () => {
  it('ends with the trials of an unbroken one, after any trial and in the middle of lines', async () => {
    const whole = await studyPath();
    const expected = await runTo(whole, 30);
    expect(new Set(expected.map((trial) => (trial as { state: string }).state))).toEqual(
      new Set(['complete', 'pruned', 'failed']),
    );
    const bytes = await readFile(whole);
    const header = bytes.indexOf('\n') + 1;
    const random = createRandom(1, 'cuts');
    const lines = bytes.toString().split('\n').slice(0, -1);
    const ends = lines.map((_, i) => Buffer.byteLength(`${lines.slice(0, i + 1).join('\n')}\n`));
    const afterTrials = ends.filter((_, i) => lines[i]?.includes('"finished"'));
    const anywhere = Array.from({ length: 30 }, () => header + random.integer(bytes.length - header));
    const path = await studyPath();
    for (const cut of [0, header, ...afterTrials, ...anywhere]) {
      await writeFile(path, bytes.subarray(0, cut));
      expect(await runTo(path, 30), `cut at byte ${cut}`).toEqual(expected);
      expect((await readStudy(path))?.unfinished).toBeUndefined();
    }
  });

  it('says how many bytes of a torn line it dropped', async () => {
    const path = await studyPath();
    await runTo(path, 3);
    const { length } = await readFile(path);
    await truncate(path, length - 5);
    const torn = await readFile(path);
    const study = await openStudy(path, settings);
    study.close();
    const lastLine = torn.length - (torn.lastIndexOf('\n') + 1);
    expect(study).toMatchObject({ resumed: true, droppedBytes: lastLine, unfinished: { index: 2 } });
    expect((await readFile(path)).length).toBe(torn.length - lastLine);
  });

  it('drops a last line that is no JSON, even with its newline', async () => {
    const path = await studyPath();
    const expected = await runTo(path, 3);
    await writeFile(path, '{"type":"finished","ind\u0000\u0000\n', { flag: 'a' });
    expect(await runTo(path, 3)).toEqual(expected);
    const other = await studyPath();
    await copyFile(path, other);
    expect(await runTo(other, 6)).toEqual(await runTo(path, 6));
  });
});

describe('a study whose process is killed', () => {
  const dist = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  const TRIALS = 150;
  /** What the child runs: the study of `settings`, each step taking a few milliseconds. */
  const loss = `({ rate, leaves, kind }) =>
    (Math.log10(rate) + 2) ** 2 + (leaves / 30 - 1) ** 2 + (kind === 'b' ? 0 : 0.5)`;
  const script = (path: string) => `
    import { createMedianPruner, createTpeSampler, openStudy, runStudy } from ${JSON.stringify(dist)};
    const settings = ${JSON.stringify(settings)};
    const sampler = createTpeSampler(settings.space, { seed: 9, direction: 'minimize', startupTrials: 5 });
    const pruner = createMedianPruner({ direction: 'minimize', startupTrials: 3 });
    const lossOf = ${loss};
    const study = await openStudy(${JSON.stringify(path)}, settings);
    console.log('running');
    await runStudy({ study, sampler, pruner, trials: ${TRIALS}, evaluate: async (parameters, { step }) => {
      for (let fold = 0; fold < 3; fold++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        step(lossOf(parameters) + 0.01 * fold);
      }
      return lossOf(parameters);
    } });
    study.close();
  `;

  /** Runs the study in a process of its own; whether it was killed before it had all trials. */
  async function runInChild(path: string, killAfter: number | undefined): Promise<boolean> {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script(path)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
    });
    if (killAfter !== undefined) {
      await Promise.race([exited, new Promise((resolve) => child.stdout.once('data', resolve))]);
      await sleep(killAfter);
      child.kill('SIGKILL');
    }
    const code = await exited;
    if (killAfter === undefined || code !== null) expect(code).toBe(0);
    return code === null;
  }

  it('ends with the trials of an unbroken one, after at least ten kills', async () => {
    expect(existsSync(dist), 'the package must be built first').toBe(true);
    const random = createRandom(5, 'kills');
    const broken = await studyPath();
    let kills = 0;
    for (let run = 0; run < 12; run++) {
      if (await runInChild(broken, random.next() * 60)) kills++;
    }
    expect(kills).toBeGreaterThanOrEqual(10);
    const killed = await readStudy(broken);
    expect(killed?.trials.length).toBeGreaterThan(0);
    expect(existsSync(`${broken}.lock`)).toBe(true);

    await runInChild(broken, undefined);
    const unbroken = await studyPath();
    await runInChild(unbroken, undefined);
    const trialsOf = async (path: string) => withoutSeconds((await readStudy(path))?.trials ?? []);
    expect(await trialsOf(broken)).toHaveLength(TRIALS);
    expect(await trialsOf(broken)).toEqual(await trialsOf(unbroken));
    expect(existsSync(`${broken}.lock`)).toBe(false);
  });
});
