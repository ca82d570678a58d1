import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { StudyDamagedError, StudyFileError, StudyMismatchError } from '../errors.ts';
import { evaluate, pruner, sampler, settings, studyPath } from '../testing/studies.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStudy, readStudy } from './open-study.ts';
import { runStudy } from './run-study.ts';
import type { StudySettings } from './settings.ts';

async function madeStudy(): Promise<string> {
  const file = await studyPath();
  const study = await openStudy(file, settings);
  await runStudy({ study, sampler, pruner, trials: 2, evaluate });
  study.close();
  return file;
}

describe('openStudy', () => {
  it('makes a file whose first line is the settings, and reads it back while it is open', async () => {
    const file = await studyPath();
    const study = await openStudy(file, settings);
    expect(study).toMatchObject({ resumed: false, droppedBytes: 0, trials: [], path: file });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ type: 'study', version: 1, settings });
    study.start({ rate: 0.1 });
    study.step(0.5);
    expect(await readStudy(file)).toMatchObject({
      trials: [],
      unfinished: { index: 0, parameters: { rate: 0.1 } },
    });
    study.close();
    expect(await readStudy(path.join(path.dirname(file), 'none.jsonl'))).toBeUndefined();
  });

  it.each<[string, Partial<StudySettings>, string, string, string]>([
    ['objective', { objective: 'auc' }, 'objective', '"loss"', '"auc"'],
    ['seed', { seed: 10 }, 'seed', '9', '10'],
    ['direction', { direction: 'maximize' }, 'direction', '"minimize"', '"maximize"'],
    ['fingerprint', { fingerprint: { data: 'xyz', folds: 3 } }, 'fingerprint.data', '"abc"', '"xyz"'],
    ['missing part', { fingerprint: { data: 'abc' } }, 'fingerprint.folds', '3', 'nothing'],
    [
      'space',
      { space: { ...settings.space, leaves: { type: 'int', low: 4, high: 65 } } },
      'space.leaves.high',
      '64',
      '65',
    ],
    ['sampler', { sampler: { ...sampler.settings, gamma: 0.2 } }, 'sampler.gamma', '0.15', '0.2'],
  ])(
    'refuses a file with another %s, names it and both values, and leaves the file as it is',
    async (...parts) => {
      const [, changed, setting, stored, given] = parts;
      const file = await madeStudy();
      const before = await readFile(file, 'utf8');
      const error = await openStudy(file, { ...settings, ...changed }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StudyMismatchError);
      expect((error as StudyMismatchError).differences).toEqual([{ setting, stored, given }]);
      expect((error as Error).message).toContain(`${setting} ${stored}`);
      expect((error as Error).message).toContain(`${setting} ${given}`);
      expect(await readFile(file, 'utf8')).toBe(before);
      (await openStudy(file, settings)).close();
    },
  );

  it('takes the same settings in another order and notation', async () => {
    const file = await madeStudy();
    const { rate, leaves, kind } = settings.space;
    const space = { kind, leaves: { ...leaves, step: 1 }, rate } as StudySettings['space'];
    const study = await openStudy(file, { ...settings, space, fingerprint: { folds: 3, data: 'abc' } });
    study.close();
    expect(study.trials).toHaveLength(2);
  });

  it.each([
    ['no study', 'some notes\n', 1],
    ['no study and no line', 'some notes', 1],
    ['a study of another version', '{"type":"study","version":2,"settings":{}}\n', 1],
  ])('refuses %s and leaves it as it is', async (_, text, line) => {
    const file = await studyPath();
    await writeFile(file, text);
    const error = await openStudy(file, settings).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StudyDamagedError);
    expect((error as Error).message).toContain(`line ${line}`);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it.each<[string, (lines: string[]) => void]>([
    ['a line was removed', (lines) => lines.splice(1, 1)],
    ['a line is no JSON', (lines) => lines.splice(2, 1, '{"type":')],
    ['a trial is there twice', (lines) => lines.push(...lines.slice(1, -1), '')],
    ['a value is no number', (lines) => lines.splice(2, 1, '{"type":"step","index":0,"value":"high"}')],
    ['a type is unknown', (lines) => lines.splice(2, 1, '{"type":"stopped","index":0}')],
  ])('refuses a file in which %s', async (_, change) => {
    const file = await madeStudy();
    const lines = (await readFile(file, 'utf8')).split('\n');
    change(lines);
    await writeFile(file, lines.join('\n'));
    await expect(openStudy(file, settings)).rejects.toBeInstanceOf(StudyDamagedError);
    await expect(readStudy(file)).rejects.toBeInstanceOf(StudyDamagedError);
  });

  it('says when the file cannot be made or written', async () => {
    const folder = await temporaryFolder();
    await expect(openStudy(path.join(folder, 'none', 'study.jsonl'), settings)).rejects.toBeInstanceOf(
      StudyFileError,
    );
    await expect(openStudy(folder, settings)).rejects.toBeInstanceOf(StudyFileError);
    const study = await openStudy(path.join(folder, 'study.jsonl'), settings);
    study.close();
    study.close();
    expect(() => study.start({})).toThrow(StudyFileError);
  });

  it('refuses settings that cannot be meant', async () => {
    const file = await studyPath();
    for (const changed of [{ seed: -1 }, { objective: '' }, { direction: 'up' }, { fingerprint: 'abc' }]) {
      const opened = openStudy(file, { ...settings, ...(changed as Partial<StudySettings>) });
      await expect(opened).rejects.toBeInstanceOf(InvalidInputError);
    }
  });
});
