import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { AVAILABLE, trainerByName } from '../registry.ts';
import { defaultSpaceOf } from './default-spaces.ts';
import { readSpaceFile } from './read-space-file.ts';
import { trySpace } from './try-space.ts';
import { withParameters } from './with-parameters.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-space-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('defaultSpaceOf', () => {
  it.each(AVAILABLE.trainers.filter((name) => name !== 'ensemble'))('is taken by %s', (name) => {
    const made: unknown[] = [];
    const space = defaultSpaceOf(name, {});
    trySpace(
      {
        name,
        settings: {},
        create: (settings) => {
          made.push(settings);
          return trainerByName(name, 'alert_scorer', { settings });
        },
      },
      space,
    );
    expect(made).toHaveLength(2);
  });

  it('leaves alone what the settings decide', () => {
    expect(Object.keys(defaultSpaceOf('isolation-forest', { trees: 100 }))).toEqual(['sample_size']);
    expect(Object.keys(defaultSpaceOf('neural-net', { hidden_layers: [64] }))).not.toContain(
      'hidden_layers.0',
    );
    const all = { trees: 100, sample_size: 64 };
    expect(() => defaultSpaceOf('isolation-forest', all)).toThrow(/decide all of trees, sample_size/);
  });

  it('is none for an ensemble, or what nobody knows', () => {
    for (const name of ['ensemble', 'toString']) {
      expect(() => defaultSpaceOf(name, {})).toThrow(InvalidInputError);
      expect(() => defaultSpaceOf(name, {})).toThrow(/--space/);
    }
  });
});

describe('withParameters', () => {
  it('leads into maps and lists, and leaves the settings as they are', () => {
    const settings = { members: [{ trainer: 'lightgbm', settings: { max_rounds: 5 } }, {}], folds: 3 };
    const before = structuredClone(settings);
    const parameters = { 'members.0.settings.num_leaves': 7, 'monotone.a': 1, 'layers.0': 8, 'layers.1': 4 };
    expect(withParameters(settings, parameters)).toEqual({
      members: [{ trainer: 'lightgbm', settings: { max_rounds: 5, num_leaves: 7 } }, {}],
      folds: 3,
      monotone: { a: 1 },
      layers: [8, 4],
    });
    expect(settings).toEqual(before);
  });

  it('makes members of an ensemble', () => {
    const settings = withParameters(
      { members: [{ trainer: 'lightgbm' }, { trainer: 'isolation-forest' }] },
      { 'members.1.settings.trees': 7 },
    );
    const { hyperparameters } = trainerByName('ensemble', 'alert_scorer', { settings });
    expect(JSON.stringify(hyperparameters)).toContain('"trees":7');
  });
});

describe('readSpaceFile', () => {
  const read = (text: string) => {
    writeFileSync(path.join(folder, 'space.yaml'), text);
    return readSpaceFile('space.yaml', folder);
  };

  it('takes the whole file, or what stands under space', async () => {
    expect(await read('num_leaves: [7, 15]')).toEqual({ num_leaves: [7, 15] });
    expect(await read('space: { num_leaves: [7, 15] }')).toEqual({ num_leaves: [7, 15] });
    expect(await read('space: { type: int, low: 1, high: 2 }')).toEqual({
      space: { type: 'int', low: 1, high: 2 },
    });
  });

  it('refuses what is no file or no YAML', async () => {
    await expect(readSpaceFile('absent.yaml', folder)).rejects.toThrow(
      /absent\.yaml.*no such file.*--space/s,
    );
    await expect(read('a: [')).rejects.toThrow(InvalidInputError);
  });
});
