import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadModule } from './load-module.ts';
import { isPath, locateModule } from './locate-module.ts';
import { type ModuleKind, ModuleSourceError } from './module-kind.ts';

const root = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = path.join(root, `${count++}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const kind: ModuleKind = {
  named: 'a thing',
  known: ['first', 'second'],
  brings: 'things',
  error: (problem) => new ModuleSourceError({ code: 'THING_SOURCE', what: 'things', ...problem }),
};

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const load = (specifier: string) => loadModule(specifier, { folder, kind });

async function refusalOf(specifier: string): Promise<ModuleSourceError> {
  const error = await load(specifier).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModuleSourceError);
  const refusal = error as ModuleSourceError;
  expect(refusal).toMatchObject({ code: 'THING_SOURCE', category: 'input' });
  expect(refusal.summary).toBe(`No things could be loaded from '${specifier}'.`);
  for (const part of ['expected', 'found', 'remedy'] as const) expect(refusal[part], part).toBeTruthy();
  return refusal;
}

describe('loadModule', () => {
  it.each(['./mine.mjs', '../beside.mjs'])('runs the file %s', async (specifier) => {
    write('mine.mjs', 'export const x = 1;');
    write('../beside.mjs', 'export const x = 1;');
    const target = path.resolve(folder, specifier);
    for (const each of [specifier, target]) {
      const { exports, file, origin } = await load(each);
      expect({ x: exports.x, file, origin }).toEqual({ x: 1, file: target, origin: target });
    }
  });

  it('runs a file behind a link where it is, so that it finds what it imports', async () => {
    const file = write('real/mine.mjs', "export { x } from './other.mjs';");
    write('real/other.mjs', 'export const x = 2;');
    symlinkSync(file, path.join(folder, 'link.mjs'));
    const loaded = await load('./link.mjs');
    expect(loaded).toMatchObject({ file, origin: path.join(folder, 'link.mjs') });
    expect(loaded.exports.x).toBe(2);
  });

  it('runs the package that is installed for the folder, and none for another', async () => {
    write('node_modules/@them/things/package.json', '{"type": "module", "exports": "./main.js"}');
    write('node_modules/@them/things/main.js', 'export default 3;');
    const { exports, origin } = await load('@them/things');
    expect({ value: exports.default, origin }).toEqual({ value: 3, origin: '@them/things' });
    folder = root;
    expect((await refusalOf('@them/things')).found).toBe('none of these');
  });

  it.each([
    ['./none.js', /nothing at .*none\.js/, /spelling/],
    ['.', /the folder/, /index\.js/],
    ['./mine.ts', /the file .*mine\.ts/, /compile TypeScript/],
    ['./throws.mjs', /TypeError: no luck/, /see why with: node/],
    ['wrong', /SyntaxError/, /"type": "module"/],
    ['things-of-theirs', /none of these/, /npm install things-of-theirs/],
    ['secnd', /none of these/, /write second if that was meant/],
    ['node:fs', /Node\.js itself/, /a package with things/],
  ])('refuses %s', async (specifier, found, remedy) => {
    write('mine.ts', 'export {};');
    write('throws.mjs', "throw new TypeError('no luck');");
    write('node_modules/wrong/index.js', 'export const = 1;');
    const refusal = await refusalOf(specifier);
    expect(refusal.found).toMatch(found);
    expect(refusal.remedy).toMatch(remedy);
  });
});

describe('locateModule', () => {
  it('tells folders from modules, and runs neither', () => {
    write('throws.mjs', "throw new TypeError('no luck');");
    expect(locateModule('./throws.mjs', { folder, kind }).type).toBe('module');
    expect(locateModule('./', { folder, kind })).toMatchObject({ type: 'folder', path: folder });
  });
});

describe('isPath', () => {
  it.each(['./a', '../a', '.', '..', '/a', '.\\a'])('takes %s for a path', (text) => {
    expect(isPath(text)).toBe(true);
  });
  it.each(['a', 'a/b', '@a/b', '...', '.a', 'a.js'])('takes %s for a name', (text) => {
    expect(isPath(text)).toBe(false);
  });
});
