import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configKeys, loadLabelStrategy, readConfig } from '@risk-scoring/pipeline';
import { afterAll, describe, expect, it } from 'vitest';
import { createProgram } from './program.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first block of code in a language after a heading. */
function block(heading: string, language: string): string {
  const section = readme.slice(readme.indexOf(`\n## ${heading}\n`));
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(section)?.[1] ?? '';
}

const example = block('The configuration', 'yaml');
/** Key, default, flag and meaning of each row of the table. */
const rows = readme
  .split('\n')
  .filter((line) => /^\| `(?:features|training|tuning|storage)\./.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, key = '', fallback = '', flag = '']) => ({ key: key.replaceAll('`', ''), fallback, flag }));

async function read(text: string) {
  writeFileSync(path.join(folder, 'risk-scoring.config.yaml'), text);
  const { file, whereOf, ...config } = await readConfig({ folder });
  return config;
}

describe('the table of the configuration', () => {
  it('names every key and no other, in their order', () => {
    expect(rows.map(({ key }) => key)).toEqual(configKeys().map(({ key }) => key));
  });

  it.each(configKeys())('says the default of $key', ({ key, fallback }) => {
    const said = rows.find((row) => row.key === key)?.fallback;
    expect(said).toBe(fallback === undefined ? 'none' : `\`${JSON.stringify(fallback)}\``);
  });

  it('names the flags of train that there are', () => {
    const train = createProgram().commands.find((command) => command.name() === 'train');
    const flags = train?.options.map(({ long }) => long) ?? [];
    const named = rows
      .filter(({ key }) => key.startsWith('training.'))
      .flatMap(({ flag }) => [...flag.matchAll(/--[\w-]+/g)].map(([name]) => name));
    expect(named.length).toBeGreaterThan(10);
    for (const flag of named) expect(flags).toContain(flag);
  });
});

describe('the example of a configuration', () => {
  it('says the defaults', async () => {
    const plain = await read('');
    const { training, storage, features } = await read(example);
    expect(features).toEqual(plain.features);
    expect(training).toEqual({ ...plain.training, outputDir: path.join(folder, 'trained_models') });
    expect(storage).toEqual({ ...plain.storage, dataDir: path.join(folder, '.risk-scoring') });
  });

  it('can be read with what it leaves to choose, and then has every key', async () => {
    const whole = example.replace(/^( *)# (\w+: )/gm, '$1$2').replace(/^ *data_dir.*\n/m, '');
    const { training, storage } = await read(whole);
    expect(training.evaluationLabels).toBe('address');
    expect(Object.values({ ...storage, dataDir: '' })).not.toContain(undefined);
    for (const { key } of configKeys())
      expect(example).toMatch(new RegExp(`^ +(?:# )?${key.split('.')[1]}:`, 'm'));
  });
});

it('the example of a label strategy is one', async () => {
  const file = path.join(folder, 'my-labels.mjs');
  writeFileSync(file, block('Labels', 'js'));
  const made = await loadLabelStrategy(file, { threshold: 0.9 }, { folder });
  expect(made).toMatchObject({ name: 'by-confidence', settings: { threshold: 0.9 } });
});
