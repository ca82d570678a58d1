import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FeatureGroup, RiskScoringError, UnsupportedSpecificationError } from '@risk-scoring/contract';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ALL_GROUPS, DEFAULT_GROUPS } from '../catalogue.ts';
import { FeatureGroupConflictError, FeatureGroupError, FeatureGroupSourceError } from './errors.ts';
import { loadFeatureGroups } from './load-feature-groups.ts';

const root = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let folder: string;
let count = 0;

beforeEach(() => {
  folder = path.join(root, `${count++}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const defaults = DEFAULT_GROUPS.map((group) => group.name);
const load = (...specifiers: string[]) =>
  loadFeatureGroups(specifiers, { folder, known: ALL_GROUPS, defaults });

const declared = {
  specificationVersion: 'v1',
  name: 'mine',
  per: 'alert',
  columns: [{ name: 'x', kind: 'numeric', meaning: 'a number', missing: 'never missing' }],
};
const sql = 'SELECT processing_date, alert_id, 1 AS x FROM alerts';
const group = { ...declared, sql };

function write(file: string, text: string): string {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  return target;
}

/** A folder group; `json` in place of the declaration. */
function writeGroup(name: string, json: unknown = declared, text: string | undefined = sql): void {
  write(`${name}/group.json`, typeof json === 'string' ? json : JSON.stringify(json));
  if (text !== undefined) write(`${name}/features.sql`, text);
}

function writePackage(name: string, code: string, type = 'module'): void {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, type, exports: './index.js' }));
  write(`node_modules/${name}/index.js`, code);
}

async function refusalOf(...specifiers: string[]): Promise<RiskScoringError> {
  const error = await load(...specifiers).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(RiskScoringError.isInstance(error), `not refused in a typed way: ${error}`).toBe(true);
  const refusal = error as RiskScoringError;
  for (const part of ['expected', 'found', 'remedy'] as const) expect(refusal[part], part).toBeTruthy();
  return refusal;
}

describe('loadFeatureGroups', () => {
  it('takes known groups by name, and the default ones by ...', async () => {
    expect((await load('alert', 'recurrence')).map((loaded) => loaded.group.name)).toEqual([
      'alert',
      'recurrence',
    ]);
    const loaded = await load('...', 'recurrence');
    expect(loaded.map((each) => each.group.name)).toEqual([...defaults, 'recurrence']);
    expect(loaded[0]).toEqual({ group: ALL_GROUPS[0], origin: 'built in' });
  });

  it('takes no ... where nothing says what it stands for', async () => {
    await expect(loadFeatureGroups(['...'], { folder, known: ALL_GROUPS })).rejects.toThrow(
      FeatureGroupSourceError,
    );
  });

  it.each([
    ['beside', './mine'],
    ['in a parent', '../outside'],
    ['anywhere', path.join(root, 'outside')],
  ])('reads a folder %s', async (_, specifier) => {
    writeGroup('mine');
    writeGroup('../outside');
    const [loaded] = await load(specifier);
    expect(loaded).toEqual({ group, origin: path.resolve(folder, specifier) });
  });

  it('reads a folder through a link, with every key that a declaration has', async () => {
    const whole = {
      ...declared,
      encodings: { typology: 'typology_type' },
      readsLabels: false,
      severalSnapshots: true,
      otherNetworks: ['bsc'],
      columns: [{ ...declared.columns[0], unit: 'USD', absent: 0 }],
    };
    writeGroup('../elsewhere', whole, `\uFEFF${sql.replace(' FROM', '\r\nFROM')}\r\n`);
    symlinkSync(path.join(root, 'elsewhere'), path.join(folder, 'link'));
    const [loaded] = await load('./link');
    expect(loaded?.group).toEqual({ ...whole, sql: sql.replace(' FROM', '\nFROM') });
  });

  it.each([
    ['a list', (json: string) => `export const featureGroups = [${json}];`],
    ['a group as default', (json: string) => `export default ${json};`],
    ['a list as default', (json: string) => `export default [${json}];`],
  ])('takes %s from a module and from a package', async (_, code) => {
    const file = write('groups.mjs', code(JSON.stringify(group)));
    expect(await load('./groups.mjs')).toEqual([{ group, origin: file }]);
    for (const name of ['their-features', '@them/features']) {
      writePackage(name, code(JSON.stringify(group)));
      expect(await load(name)).toEqual([{ group, origin: name }]);
    }
  });

  it('takes a CommonJS package', async () => {
    writePackage('old', `module.exports = { featureGroups: [${JSON.stringify(group)}] };`, 'commonjs');
    expect(await load('old')).toEqual([{ group, origin: 'old' }]);
  });

  it('takes a folder that is relative itself', async () => {
    writeGroup('mine', { ...declared, name: 'mine', columns: [{ ...declared.columns[0], name: 'y' }] });
    writePackage('theirs', `export default ${JSON.stringify({ ...group, name: 'theirs' })};`);
    const relative = path.relative(process.cwd(), folder);
    const loaded = await loadFeatureGroups(['./mine', 'theirs'], { folder: relative, known: [] });
    expect(loaded.map((each) => each.origin)).toEqual([path.join(folder, 'mine'), 'theirs']);
  });

  it('prefers a known group to a package of its name', async () => {
    writePackage('alert', `export default ${JSON.stringify(group)};`);
    expect((await load('alert'))[0]?.origin).toBe('built in');
  });
});

describe('loadFeatureGroups refuses', () => {
  it.each<[string, unknown, string | undefined, RegExp, RegExp]>([
    ['no features.sql', declared, undefined, /no such file/, /features\.sql/],
    ['bad JSON', '{"name": "mine",}', sql, /JSON/, /comma/],
    ['a list', [declared], sql, /a list/, /one group a folder/],
    [
      'a misspelt key',
      { ...declared, severalSnapshot: true },
      sql,
      /'severalSnapshot'/,
      /'severalSnapshots'/,
    ],
    ['another key', { ...declared, colour: 'red' }, sql, /'colour'/, /^remove it$/],
    ['SQL in group.json', { ...declared, sql }, sql, /'sql'/, /features\.sql/],
    [
      'a misspelt key of a column',
      { ...declared, columns: [{ ...declared.columns[0], mising: 'x' }] },
      sql,
      /'mising'/,
      /'missing'/,
    ],
  ])('a folder with %s', async (_, json, text, found, remedy) => {
    write('mine/group.json', typeof json === 'string' ? json : JSON.stringify(json));
    if (text !== undefined) write('mine/features.sql', text);
    const refusal = await refusalOf('./mine');
    expect(refusal).toBeInstanceOf(FeatureGroupSourceError);
    expect(refusal.found).toMatch(found);
    expect(refusal.remedy).toMatch(remedy);
  });

  it('a declaration that breaks the contract, wherever it is', async () => {
    writeGroup('mine', { ...declared, per: 'transfer' });
    expect(await refusalOf('./mine')).toBeInstanceOf(FeatureGroupError);
    writePackage('theirs', `export default ${JSON.stringify({ ...group, columns: [] })};`);
    expect(await refusalOf('theirs')).toBeInstanceOf(FeatureGroupError);
    writePackage('newer', `export default ${JSON.stringify({ ...group, specificationVersion: 'v9' })};`);
    expect(await refusalOf('newer')).toBeInstanceOf(UnsupportedSpecificationError);
  });

  it('a path where nothing is, a folder without a group and a file that is no module', async () => {
    expect((await refusalOf('./nowhere')).found).toContain(path.join(folder, 'nowhere'));
    mkdirSync(path.join(folder, 'empty'));
    expect((await refusalOf('./empty')).expected).toContain('group.json');
    write('groups.ts', 'export {};');
    expect((await refusalOf('./groups.ts')).remedy).toContain('TypeScript');
  });

  it('a pipe and a file without end in place of a file, without waiting for either', async () => {
    mkdirSync(path.join(folder, 'pipe'));
    execFileSync('mkfifo', [path.join(folder, 'pipe', 'group.json')]);
    expect((await refusalOf('./pipe')).found).toBe('no regular file');
    mkdirSync(path.join(folder, 'huge'));
    write('huge/group.json', ' '.repeat(1_000_001));
    expect((await refusalOf('./huge')).found).toMatch(/1000001 bytes/);
  });

  it('a package that is not installed, saying how to, or which group was meant', async () => {
    const missing = await refusalOf('their-features');
    expect(missing).toBeInstanceOf(FeatureGroupSourceError);
    expect(missing.remedy).toContain('npm install their-features');
    expect(missing.remedy).toContain('./their-features');
    const misspelt = await refusalOf('histroy');
    expect(misspelt.remedy).toContain('write history');
    expect(misspelt.remedy).not.toContain('npm install');
    expect((await refusalOf('fs')).found).toContain('Node.js');
  });

  it('a package that only import may load, and one whose main file is not there', async () => {
    writePackage('modern', 'export default 1;');
    const manifest = { name: 'modern', type: 'module', exports: { import: './index.js' } };
    write('node_modules/modern/package.json', JSON.stringify(manifest));
    expect((await refusalOf('modern')).remedy).toContain('"default"');
  });

  it.each([
    ['throws', "throw new TypeError('no luck');", /TypeError: no luck/],
    ['throws no error', "throw 'no luck';", /no luck/],
    ['does not parse', 'export const = 1;', /SyntaxError/],
    ['imports what is not there', "import 'nowhere';", /nowhere/],
    ['exports nothing', 'export {};', /neither/],
    ['exports something else', 'export default { groups: [] };', /neither/],
    ['exports no groups', 'export const featureGroups = [];', /empty list/],
  ])('a package that %s', async (_, code, found) => {
    writePackage('theirs', code);
    const refusal = await refusalOf('theirs');
    expect(refusal).toBeInstanceOf(FeatureGroupSourceError);
    expect(refusal.found).toMatch(found);
  });

  it('a module that does not parse, saying what it may lack', async () => {
    writePackage('theirs', 'export const = 1;');
    expect((await refusalOf('theirs')).remedy).toContain('"type": "module"');
  });

  it('a group twice, naming both places', async () => {
    writeGroup('one');
    writeGroup('two');
    const refusal = await refusalOf('./one', './two');
    expect(refusal).toBeInstanceOf(FeatureGroupConflictError);
    expect(refusal.found).toContain(path.join(folder, 'one'));
    expect(refusal.found).toContain(path.join(folder, 'two'));
    expect((await refusalOf('...', 'alert')).found).toContain("'alert'");
  });

  it('a column twice, naming both groups', async () => {
    writeGroup('one');
    writeGroup('two', { ...declared, name: 'yours' });
    const refusal = await refusalOf('./one', './two');
    expect(refusal).toBeInstanceOf(FeatureGroupConflictError);
    expect(refusal.found).toMatch(/column x .*'mine'.*'yours'/);
  });

  it('one name for encodings of two columns, but not for one that groups share', async () => {
    const other = (name: string, column: string): Partial<FeatureGroup> => ({
      name,
      columns: [{ ...declared.columns[0], name: `${name}_x` } as FeatureGroup['columns'][number]],
      encodings: { typology: column },
    });
    writeGroup('one', { ...declared, ...other('one', 'typology_type') });
    writeGroup('two', { ...declared, ...other('two', 'severity') });
    writeGroup('three', { ...declared, ...other('three', 'typology_type') });
    expect(await load('./one', './three')).toHaveLength(2);
    expect((await refusalOf('./one', './two')).found).toMatch(/encoding typology .*'one'.*'two'/);
  });
});
