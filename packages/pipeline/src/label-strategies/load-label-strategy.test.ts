import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LabelStrategy, RiskScoringError, UnsupportedSpecificationError } from '@risk-scoring/contract';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidSettingsError } from '../config/check-settings.ts';
import { LabelStrategyError, LabelStrategySourceError } from './errors.ts';
import { loadLabelStrategy } from './load-label-strategy.ts';

const root = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = path.join(root, `${count++}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The code of a strategy, with some parts replaced or added. */
function strategy(parts: Readonly<Record<string, string>> = {}): string {
  const whole = {
    specificationVersion: "'v1'",
    name: "'mine'",
    settings: '{}',
    requires: "['alerts']",
    deriveLabels: 'async () => { throw new Error("not asked"); }',
    validateLabels: '() => {}',
    getLabelWeights: '(set) => set.weights',
    ...parts,
  };
  return `({${Object.entries(whole).map(([key, code]) => `${key}: ${code}`)}})`;
}

const load = (specifier: string, settings = {}) => loadLabelStrategy(specifier, settings, { folder });
const loadCode = (code: string, settings = {}): Promise<LabelStrategy> => {
  const name = `./mine-${count++}.mjs`;
  write(name, code);
  return load(name, settings);
};

async function refusalOf(attempt: Promise<unknown>): Promise<RiskScoringError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(RiskScoringError.isInstance(error), `not refused in a typed way: ${error}`).toBe(true);
  const refusal = error as RiskScoringError;
  expect(refusal.category).toBe('input');
  for (const part of ['expected', 'found', 'remedy'] as const) expect(refusal[part], part).toBeTruthy();
  return refusal;
}

describe('a built-in strategy', () => {
  it('is taken by its name, before a package of that name', async () => {
    write('node_modules/address/package.json', '{"type": "module", "exports": "./i.js"}');
    write('node_modules/address/i.js', `export default ${strategy()};`);
    expect((await load('address')).name).toBe('address');
  });

  it('gets its settings, with the defaults of the others', async () => {
    const { settings } = await load('address', { conflict_policy: 'drop' });
    expect(settings).toMatchObject({ conflict_policy: 'drop', positive_risk_levels: ['high', 'critical'] });
  });

  it('refuses settings with their places and the nearest known name', async () => {
    const wrong = loadLabelStrategy(
      'address',
      { conflict_polcy: 'drop', use_confidence: 'maybe' },
      { folder, origin: { file: 'c.yaml', whereOf: (keys) => `<${keys.join('/')}>` } },
    );
    const refusal = await refusalOf(wrong);
    expect(refusal).toBeInstanceOf(InvalidSettingsError);
    expect(refusal.found).toContain('<conflict_polcy> is unknown; did you mean conflict_policy?');
    expect(refusal.found).toContain('<use_confidence> must be true or false');
    expect(refusal.expected).toContain('conflict_policy');
  });

  it('may be built on one of a file, which is looked for where the settings are', async () => {
    write('base.mjs', `export default (settings) => ${strategy({ settings: 'settings' })};`);
    const strategies = [{ name: './base.mjs', settings: { a: 1 } }, 'address'];
    const made = await loadLabelStrategy(
      'combined',
      { strategies },
      { folder: root, settingsFolder: folder },
    );
    expect(made.settings).toMatchObject({
      strategies: [{ name: 'mine', settings: { a: 1 } }, { name: 'address' }],
    });
  });
});

describe('a strategy of a file or package', () => {
  it.each([
    ['an object as default', `export default ${strategy()};`],
    ['an object', `export const labelStrategy = ${strategy()};`],
    ['a function as default', `export default () => ${strategy()};`],
    ['a function that promises', `export const labelStrategy = async () => ${strategy()};`],
  ])('is taken from %s', async (_, code) => {
    expect((await loadCode(code)).name).toBe('mine');
    write('node_modules/@them/labels/package.json', '{"type": "module", "exports": "./i.js"}');
    write('node_modules/@them/labels/i.js', code);
    expect((await load('@them/labels')).name).toBe('mine');
  });

  it('is taken from CommonJS', async () => {
    write('node_modules/old/index.js', `module.exports = { labelStrategy: ${strategy()} };`);
    write('old.js', `module.exports = () => ${strategy()};`);
    expect((await load('old')).name).toBe('mine');
    expect((await load('./old.js')).name).toBe('mine');
  });

  it('may be an instance of a class', async () => {
    const code = `class Mine { constructor(settings) { Object.assign(this, ${strategy()}); this.settings = settings; } }
export const labelStrategy = (settings) => new Mine(settings);`;
    expect((await loadCode(code, { a: [1, { b: null }] })).settings).toEqual({ a: [1, { b: null }] });
  });

  it('gets its settings, the folder that paths start from and the strategies that it is built on', async () => {
    const code = `export default async (settings, { folder, load }) => {
  const base = await load('address', { conflict_policy: 'drop' });
  return ${strategy({ settings: '{ ...settings, folder, base: base.settings.conflict_policy }' })};
};`;
    expect((await loadCode(code, { a: 1 })).settings).toEqual({ a: 1, folder, base: 'drop' });
  });

  it('refuses settings where it takes none', async () => {
    const refusal = await refusalOf(loadCode(`export default ${strategy()};`, { a: 1 }));
    expect(refusal).toBeInstanceOf(InvalidSettingsError);
    expect(refusal.found).toBe('a is of no use');
  });

  it('is refused where it was written for another contract', async () => {
    for (const version of ["'v9'", 'undefined']) {
      const other = loadCode(`export default ${strategy({ specificationVersion: version })};`);
      await expect(other).rejects.toThrow(UnsupportedSpecificationError);
    }
  });

  it.each<[what: string, parts: Record<string, string>, found: RegExp]>([
    ['no name', { name: 'undefined' }, /^name: nothing$/],
    ['an empty name', { name: "' '" }, /^name: ' '$/],
    ['no settings', { settings: 'null' }, /^settings: null$/],
    ['a list of settings', { settings: '[]' }, /^settings: an empty list$/],
    ['a function among its settings', { settings: '{ a: [() => 1] }' }, /settings\.a\[0\]: a function/],
    ['a date among its settings', { settings: '{ since: new Date(0) }' }, /settings\.since: a Date/],
    ['a NaN among its settings', { settings: '{ a: NaN }' }, /settings\.a: NaN/],
    [
      'settings that hold themselves',
      { settings: '(() => { const a = {}; a.a = a; return a; })()' },
      /nested/,
    ],
    ['tables that are none', { requires: "['alerts', 'blocks']" }, /^requires: 'blocks'$/],
    ['no list of tables', { requires: "'alerts'" }, /^requires: 'alerts'$/],
    ['columns of no table', { columns: '{ blocks: [] }' }, /columns of 'blocks'/],
    ['columns that are no list', { definedBy: "{ alerts: 'severity' }" }, /definedBy\.alerts: 'severity'/],
    ['a flag that is none', { unsupervised: "'yes'" }, /unsupervised: 'yes'/],
    ['no deriveLabels', { deriveLabels: 'undefined' }, /^deriveLabels: nothing$/],
    ['weights in place of a function', { getLabelWeights: '[1]' }, /^getLabelWeights: a list of 1$/],
    ['a refineLabels that is none', { refineLabels: '{}' }, /^refineLabels: an object$/],
  ])('is refused with %s', async (_, parts, found) => {
    const refusal = await refusalOf(loadCode(`export default () => ${strategy(parts)};`));
    expect(refusal).toBeInstanceOf(LabelStrategyError);
    expect(refusal.code).toBe('LABEL_STRATEGY_INVALID');
    expect(refusal.found).toMatch(found);
    expect(refusal.remedy).toContain('describeLabelStrategy');
  });

  it.each([
    ['throws', "() => { throw new RangeError('too small'); }", /RangeError: too small/],
    ['rejects', "async () => { throw 'no luck'; }", /no luck/],
    ['is a class', 'class Mine {}', /TypeError: .*new/],
  ])('is refused where its function %s', async (_, code, found) => {
    const refusal = await refusalOf(loadCode(`export default ${code};`));
    expect(refusal).toBeInstanceOf(LabelStrategyError);
    expect(refusal.found).toMatch(found);
    expect(refusal.cause).toBeDefined();
  });

  it('lets through what its function says in a typed way', async () => {
    const file = write('base.mjs', "export default (settings, { load }) => load('address', { magic: 1 });");
    expect((await refusalOf(load(file))).found).toContain('magic is unknown');
  });

  it('is refused where it is built on itself', async () => {
    write('self.mjs', "export default (settings, { load }) => load('./self.mjs', {});");
    expect((await refusalOf(load('./self.mjs'))).remedy).toContain('built on itself');
  });

  it.each<[what: string, specifier: string, found: RegExp]>([
    ['a path where nothing is', './none.js', /nothing at .*none\.js/],
    ['a name that nobody has', 'magic', /none of these/],
    ['a folder', '.', /the folder/],
    ['a module that throws', './throws.mjs', /no luck/],
    ['a module without a strategy', './empty.mjs', /neither in .*empty\.mjs/],
    ['a module with a text', './text.mjs', /a string in .*text\.mjs/],
  ])('is not found in %s', async (_, specifier, found) => {
    write('throws.mjs', "throw new Error('no luck');");
    write('empty.mjs', 'export const strategy = 1;');
    write('text.mjs', "export default 'address';");
    const refusal = await refusalOf(load(specifier));
    expect(refusal).toBeInstanceOf(LabelStrategySourceError);
    expect(refusal.code).toBe('LABEL_STRATEGY_SOURCE');
    expect(refusal.found).toMatch(found);
  });

  it('names the strategy that a misspelt name may mean', async () => {
    expect((await refusalOf(load('adress'))).remedy).toContain('write address if that was meant');
  });
});
