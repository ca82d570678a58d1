import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { featureCatalogue } from './feature-catalogue.ts';
import { featureGroupsOf } from './feature-groups.ts';
import { readConfig } from './read-config.ts';

const root = mkdtempSync(path.join(tmpdir(), 'risk-scoring-config-'));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = path.join(root, `${count++}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(path.join(folder, name), content);

async function problemOf(text: string | Uint8Array, name = 'risk-scoring.config.yaml'): Promise<string> {
  write(name, text);
  const error = await readConfig({ folder }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { code, category, found, remedy } = error as ConfigError;
  expect({ code, category }).toEqual({ code: 'CONFIG_INVALID', category: 'input' });
  expect(remedy).toBeTruthy();
  return found ?? '';
}

const defaults = { groups: ['...'], evidenceKeys: [], otherNetworks: [] };

describe('finding the file', () => {
  it('takes the defaults where there is none', async () => {
    expect(await readConfig({ folder })).toMatchObject({ file: undefined, folder, features: defaults });
  });

  it.each([
    ['risk-scoring.config.yaml', 'features:\n  groups:\n    - ...\n    - recurrence\n'],
    ['risk-scoring.config.yml', 'features: { groups: [..., recurrence] }'],
    ['risk-scoring.config.json', '{"features": {"groups": ["...", "recurrence"]}}'],
  ])('finds %s', async (name, text) => {
    write(name, text);
    const config = await readConfig({ folder });
    expect(config.file).toBe(path.join(folder, name));
    expect(config.features).toEqual({ ...defaults, groups: ['...', 'recurrence'] });
  });

  it('takes a named file from elsewhere, and its folder for relative paths', async () => {
    mkdirSync(path.join(folder, 'deep'));
    write('deep/mine.yaml', 'features:\n  evidence_keys: [mean_usd]\n');
    write('risk-scoring.config.yaml', 'nonsense: true');
    const config = await readConfig({ folder, file: 'deep/mine.yaml' });
    expect(config.folder).toBe(path.join(folder, 'deep'));
    expect(config.features).toEqual({ ...defaults, evidenceKeys: ['mean_usd'] });
  });

  it('refuses a named file that is not there, a folder, and two files at once', async () => {
    await expect(readConfig({ folder, file: 'none.yaml' })).rejects.toThrow(/none\.yaml.*no such file/);
    await expect(readConfig({ folder, file: '.' })).rejects.toThrow('a folder');
    write('risk-scoring.config.yml', '');
    await expect(readConfig({ folder, file: 'risk-scoring.config.yml/x' })).rejects.toThrow(ConfigError);
    expect(await problemOf('')).toBe('risk-scoring.config.yaml and risk-scoring.config.yml');
  });

  it('does not take a link that leads nowhere for no file', async () => {
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'risk-scoring.config.yaml'));
    await expect(readConfig({ folder })).rejects.toThrow('no such file');
  });
});

describe('the text', () => {
  it.each([
    ['an empty file', ''],
    ['comments alone', '# features:\n'],
    ['an empty section', 'features:\n  # groups: []\n'],
    ['a byte order mark', '\uFEFFfeatures: {}\n'],
  ])('%s means the defaults', async (_, text) => {
    write('risk-scoring.config.yaml', text);
    expect((await readConfig({ folder })).features).toEqual(defaults);
  });

  it.each([
    ['a mistake in YAML', 'features:\n  groups: [a, b\n', 'line 3, column 1: '],
    ['a mistake in JSON', '{"features": {"groups": ["a" "b"]}}', 'line 1, column 30: '],
    ['a key twice', 'features: {}\nfeatures: {}\n', 'line 2, column 1: Map keys must be unique'],
    [
      'two documents',
      'features: {}\n---\nfeatures: {}\n',
      'line 2, column 1: Source contains multiple documents',
    ],
    ['an unknown tag', 'features: !!js/function "x"\n', 'line 1, column 11: Unresolved tag'],
    ['an alias to nothing', 'features: *x\n', 'line 1, column 11: '],
  ])('%s is told with its place', async (_, text, found) => {
    expect(await problemOf(text)).toContain(found);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['bytes that are no text', Uint8Array.of(0x66, 0xff, 0xfe), 'no UTF-8'],
    ['more than 1 MB', '#'.repeat(1_000_001), 'more than 1 MB'],
    ['lists in lists without end', '['.repeat(100_000), 'nested deeper than 50'],
    ['maps in maps without end', '{a: '.repeat(100_000), 'nested deeper than 50'],
    ['lines of lists in lists', `${'- '.repeat(100_000)}a`, 'nested deeper than 50'],
    ['keys of keys', `${'? '.repeat(100_000)}a`, 'nested deeper than 50'],
    [
      'aliases that grow without end',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[i]}`)}]`).join('\n')}`,
      'alias',
    ],
  ])('%s is refused', async (_, text, found) => {
    expect(await problemOf(text)).toContain(found);
  });
});

describe('what it says', () => {
  it('tells all problems at once, each with its path, place and the nearest known name', async () => {
    const found = await problemOf(`featurs: {}
evidence_keys: [a]
zzz: 1
features:
  grups: [alert]
  groups: alert
  evidence_keys: [a, 7, '']
  other_networks: [No-Such]
`);
    expect(found.split('; ').sort()).toEqual(
      [
        'featurs (line 1, column 1) is unknown',
        'did you mean features?',
        'evidence_keys (line 2, column 1) is unknown',
        'did you mean features.evidence_keys?',
        'zzz (line 3, column 1) is unknown',
        'known are features, training, tuning, storage',
        'features.grups (line 5, column 3) is unknown',
        'did you mean features.groups?',
        'features.groups (line 6, column 3) must be a list',
        'features.evidence_keys[1] (line 7, column 22) must be a text',
        'features.evidence_keys[2] (line 7, column 25) must not be empty',
        'features.other_networks[0] (line 8, column 20) must be the name of a network: 1 to 63 characters of a-z, 0-9 and _',
      ].sort(),
    );
  });

  it.each([
    ['a list', '- alert', 'the file (line 1, column 1) must hold sections'],
    ['a text', 'alert', 'the file (line 1, column 1) must hold sections'],
    ['a section that is a text', 'features: alert', 'features (line 1, column 1) must hold keys'],
    ['a key that is empty', 'features:\n  groups:\n', 'features.groups (line 2, column 3) must be a list'],
    [
      'a group twice',
      'features: { groups: [alert, ..., alert] }',
      'features.groups[2] (line 1, column 34) stands there twice',
    ],
    ['no group at all', 'features: { groups: [] }', 'must name at least one group'],
    [
      'a key of every object',
      'features: { __proto__: [a] }',
      'features.__proto__ (line 1, column 13) is unknown',
    ],
    ['another key of every object', 'constructor: 1', 'constructor (line 1, column 1) is unknown'],
    [
      'evidence without its group',
      'features: { groups: [address], evidence_keys: [a] }',
      "is of no use without the group 'alert'",
    ],
    [
      'other networks without their group',
      'features: { other_networks: [bitcoin] }',
      "is of no use without the group 'cross-network'",
    ],
    [
      'their group without networks',
      'features: { groups: [cross-network] }',
      'needs features.other_networks',
    ],
  ])('%s is refused', async (_, text, found) => {
    expect(await problemOf(text)).toContain(found);
  });

  it.each([
    [
      'trainer: magic',
      'training.trainer (line 2, column 3) must be one of lightgbm, xgboost, neural-net, isolation-forest, ensemble',
    ],
    ['model_type: scorer', 'must be one of alert_scorer, alert_ranker, cluster_scorer'],
    ['split: chance', 'must be one of address, temporal, random'],
    ['group_by: block', 'must be one of address, cluster'],
    ['purge_days: -1', 'must be a whole number of at least 0'],
    ['unseen_only: perhaps', 'must be true or false'],
    ['calibration: guess', 'must be one of auto, none, platt, isotonic'],
    ['threshold: precision', 'must be f1, precision:0.9, recall:0.8 or budget:50'],
    ['cluster_positive_share: 0', 'must be a number above 0 and up to 1'],
    ['test_fraction: 1', 'must be a number between 0 and 1'],
    ['cv_folds: 1', 'must be a whole number of at least 2'],
    ['cv_folds: 2.5', 'must be a whole number of at least 2'],
    ['seed: -1', 'must be a whole number from 0 to 2147483646'],
    ["seed: '42'", 'must be a whole number from 0 to 2147483646'],
    ['model_version: 1.0', 'must be a text'],
    ["model_version: '../1'", 'must be a version such as 1.0.0'],
    ['label_settings: [a]', 'must hold keys with values'],
    ['label_strategy: 3', 'must be a text'],
    ['evaluation_settings: { a: 1 }', 'is of no use without training.evaluation_labels'],
    ['label_stratgy: address', 'did you mean training.label_strategy?'],
    ['data_dir: data', 'did you mean storage.data_dir?'],
  ])('refuses training with %s', async (line, found) => {
    expect(await problemOf(`training:\n  ${line}\n`)).toContain(found);
  });

  it.each([
    ['url: clickhouse', 'must be an address such as http://127.0.0.1:8123'],
    ['url: tcp://127.0.0.1:9000', 'must be an address'],
    ['url: http://127.0.0.1:8123?database=x', 'must be an address'],
    ['request_timeout: 0', 'must be seconds, more than 0'],
    ['engine_memory: 2', 'must be a text'],
    ['engine_memory: 2 gigabytes', 'must be 50MB or more'],
    ['engine_memory: 10MB', 'must be 50MB or more'],
    [
      "url: 'http://h:1'\n  data_dir: data",
      'storage.data_dir (line 3, column 3) is of no use beside storage.url',
    ],
    ['databse: mine', 'did you mean storage.database?'],
    [
      'clickhouse_password: hunter2',
      'is a secret, which no configuration holds; set the environment variable CLICKHOUSE_PASSWORD',
    ],
  ])('refuses storage with %s', async (line, found) => {
    const problem = await problemOf(`storage:\n  ${line}\n`);
    expect(problem).toContain(found);
    expect(problem).not.toContain('hunter2');
  });

  it('does not repeat a password in an address', async () => {
    const problem = await problemOf('storage: { url: "http://me:hunter2@h:1" }');
    expect(problem).toContain('without user, password or parameters');
    expect(problem).not.toContain('hunter2');
  });

  it('leaves settings to whoever takes them', async () => {
    write(
      'risk-scoring.config.yaml',
      'training: { label_settings: { a: [1, { b: null }] }, trainer_settings: }',
    );
    const { training } = await readConfig({ folder });
    expect(training.labelSettings).toEqual({ a: [1, { b: null }] });
    expect(training.trainerSettings).toEqual({});
  });

  it('makes paths absolute by the folder of the file', async () => {
    mkdirSync(path.join(folder, 'deep'));
    write('deep/mine.yaml', 'training: { output_dir: ../m }\nstorage: { data_dir: d, ca_cert: /c.pem }');
    const { training, storage } = await readConfig({ folder, file: 'deep/mine.yaml' });
    expect(training.outputDir).toBe(path.join(folder, 'm'));
    expect(storage).toMatchObject({ dataDir: path.join(folder, 'deep', 'd'), caCert: '/c.pem' });
  });

  it('reads any text or refuses it with its own error', async () => {
    const pieces = [
      ...': [ ] { } , & * ! " \' - # 1 é features groups alert ... &a *a << --- | >'.split(' '),
      ' ',
      '\n',
      '\n  ',
    ];
    const random = createRandom(11);
    let refused = 0;
    for (let run = 0; run < 300; run++) {
      const text = Array.from(
        { length: 1 + random.integer(25) },
        () => pieces[random.integer(pieces.length)],
      );
      write('any.yaml', text.join(''));
      const outcome = await readConfig({ folder, file: 'any.yaml' }).catch((error: unknown) => error);
      if (outcome instanceof ConfigError) refused += 1;
      else expect(outcome).toHaveProperty('features.groups');
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('featureGroupsOf', () => {
  const names = async (text: string) => {
    write('groups.yaml', text);
    return (await featureGroupsOf(await readConfig({ folder, file: 'groups.yaml' }))).map(({ name }) => name);
  };

  it('puts the default groups where ... stands', async () => {
    const plain = await names('');
    expect(plain[0]).toBe('alert');
    expect(await names('features: { groups: [label-neighbourhood, ...] }')).toEqual([
      'label-neighbourhood',
      ...plain,
    ]);
  });

  it('makes the alert group with the evidence keys', async () => {
    write('groups.yaml', 'features: { evidence_keys: [flow.mean_usd] }');
    const [alert] = await featureGroupsOf(await readConfig({ folder, file: 'groups.yaml' }));
    expect(alert?.columns.at(-1)?.name).toBe('evidence_flow_mean_usd');
  });

  it('makes the cross-network group with the other networks, where it is named', async () => {
    write('groups.yaml', "features: { groups: ['...', cross-network], other_networks: [bsc, polygon] }");
    const config = await readConfig({ folder, file: 'groups.yaml' });
    const group = (await featureGroupsOf(config)).at(-1);
    expect(group?.name).toBe('cross-network');
    expect(group?.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['bsc_alert_count', 'polygon_alert_count']),
    );
    const catalogue = await featureCatalogue(config);
    expect(catalogue.find(({ name }) => name === 'cross-network')).toMatchObject({
      origin: 'built in',
      default: false,
      used: true,
      reads: ['alerts', 'other_alerts', 'other_features', 'other_networks'],
    });
  });

  it('loads folders and modules from beside the configuration, wherever the command runs', async () => {
    const declaration = {
      specificationVersion: 'v1',
      name: 'mine',
      per: 'alert',
      columns: [
        { name: 'id_length', kind: 'numeric', meaning: 'length of the id', missing: 'never missing' },
      ],
    };
    const sql = 'SELECT processing_date, alert_id, length(alert_id) AS id_length FROM alerts';
    mkdirSync(path.join(folder, 'deep', 'mine'), { recursive: true });
    write('deep/mine/group.json', JSON.stringify(declaration));
    write('deep/mine/features.sql', sql);
    const other = JSON.stringify({
      ...declaration,
      name: 'other',
      columns: [{ ...declaration.columns[0], name: 'n' }],
      sql,
    });
    write('deep/other.mjs', `export default ${other};`);
    write('deep/mine.yaml', 'features: { groups: [alert, ./mine, ./other.mjs] }');
    const config = await readConfig({ folder, file: 'deep/mine.yaml' });
    expect((await featureGroupsOf(config)).map(({ name }) => name)).toEqual(['alert', 'mine', 'other']);
    const catalogue = await featureCatalogue(config);
    expect(catalogue.slice(0, 3)).toMatchObject([
      { name: 'alert', origin: 'built in', default: true },
      {
        name: 'mine',
        origin: path.join(folder, 'deep', 'mine'),
        default: false,
        used: true,
        reads: ['alerts'],
      },
      { name: 'other', origin: path.join(folder, 'deep', 'other.mjs') },
    ]);
  });

  it('refuses a group that nobody has, and a key that is no key', async () => {
    await expect(names('features: { groups: [adress] }')).rejects.toThrow(/address/);
    await expect(names("features: { evidence_keys: ['mean usd'] }")).rejects.toThrow(/evidence keys/);
  });
});
