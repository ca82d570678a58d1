import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ModelMetadata } from '../metadata.ts';
import { sha256 } from '../sha256.ts';
import { type Attack, type Changeable, type ModelFile, prepareAttack } from '../testing/attack.ts';
import { rawZip } from '../testing/raw-zip.ts';

let attack: Attack;
let files: readonly ModelFile[];
let stem: string;
let metadata: ModelMetadata;
beforeAll(async () => {
  attack = await prepareAttack();
  ({ files, stem, metadata } = attack);
});
afterEach(() => attack.startAnew());
afterAll(() => attack.close());
const evil = Buffer.from('evil');

describe('an archive with metadata of its own mind', () => {
  it('is sent to its own network only where there can be one', async () => {
    const ofNetwork = (network: string) =>
      attack.importBytes(rawZip(attack.withMetadata((m) => Object.assign(m, { network }))));
    expect((await ofNetwork('othernet')).remedy).toBe('name its network: --network othernet');
    for (const network of ['../../x', 'other net', '$(id)', '']) {
      const { code, remedy } = await ofNetwork(network);
      expect(code, network).toMatch(/^MODEL_(?:DOES_NOT_FIT|METADATA_INVALID)$/);
      expect(remedy, network).not.toContain('--network');
    }
  });

  const invalid: readonly [string, (metadata: Changeable) => void, string][] = [
    [
      'another network',
      (m) => {
        m.network = 'othernet';
      },
      'MODEL_DOES_NOT_FIT',
    ],
    [
      'a newer version',
      (m) => {
        m.metadata_version = 2;
      },
      'MODEL_METADATA_NEWER',
    ],
    [
      'no version',
      (m) => {
        m.metadata_version = undefined;
      },
      'MODEL_METADATA_INVALID',
    ],
    [
      'another id',
      (m) => {
        m.model_id = 'champion';
      },
      'MODEL_ARCHIVE_INVALID',
    ],
    [
      'an id that leads elsewhere',
      (m) => {
        m.model_id = '../../evil';
      },
      'MODEL_ARCHIVE_INVALID',
    ],
    [
      'another type',
      (m) => {
        m.model_type = 'alert_ranker';
      },
      'MODEL_ARCHIVE_INVALID',
    ],
    [
      'a version that leads elsewhere',
      (m) => {
        m.version = '../1.0.0';
      },
      'INVALID_INPUT',
    ],
    [
      'another period',
      (m) => {
        m.training_period = { ...metadata.training_period, window_days: 31 };
      },
      'MODEL_ARCHIVE_INVALID',
    ],
    [
      'another time',
      (m) => {
        m.created_at = '2020-01-01T00:00:00.000Z';
      },
      'MODEL_ARCHIVE_INVALID',
    ],
    [
      'a time that never was',
      (m) => {
        m.created_at = '2025-02-30T00:00:00.000Z';
      },
      'MODEL_METADATA_INVALID',
    ],
    [
      'a holdout elsewhere',
      (m) => {
        m.split = { ...metadata.split, holdout_file: '/etc/passwd' };
      },
      'MODEL_ARCHIVE_INVALID',
    ],
    [
      'no files',
      (m) => {
        m.files = {};
      },
      'MODEL_ARCHIVE_INVALID',
    ],
  ];
  it.each(invalid)('is refused: %s', async (_, change, code) => {
    expect((await attack.importBytes(rawZip(attack.withMetadata(change)))).code).toBe(code);
  });

  it('is refused where it names files elsewhere, even if the archive has them', async () => {
    for (const name of [
      '../evil.onnx',
      '/etc/passwd',
      'C:\\evil.onnx',
      'evil.onnx',
      `${stem}.`,
      `${stem}.a/b`,
      `${stem}.json`,
    ]) {
      const entries = attack.withMetadata((m) => {
        m.files = { ...metadata.files, [name]: { role: 'onnx', sha256: sha256(evil), bytes: evil.length } };
      });
      const outcome = await attack.importBytes(rawZip(entries));
      expect(outcome.code).toBe('MODEL_ARCHIVE_INVALID');
      expect((await attack.importBytes(rawZip([...entries, { name, bytes: evil }]))).code).toBe(
        'MODEL_ARCHIVE_INVALID',
      );
    }
  });

  it('is refused under the name of another model', async () => {
    const other = stem.replace('_v1.0.0_', '_v2.0.0_');
    const entries = files.map(({ name, bytes }) => ({ name: name.replace(stem, other), bytes }));
    expect((await attack.importBytes(rawZip(entries))).code).toBe('MODEL_ARCHIVE_INVALID');
    expect(
      (await attack.importBytes(rawZip(attack.withMetadata(() => undefined, `${other}.json`)))).code,
    ).toBe('MODEL_ARCHIVE_INVALID');
  });

  it('is refused where it is no JSON', async () => {
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '\u0000',
      '{"__proto__": {"metadata_version": 1}}',
      '['.repeat(100_000),
    ]) {
      const entries = attack.replaced('.json', ({ name }) => ({ name, bytes: Buffer.from(text) }));
      expect((await attack.importBytes(rawZip(entries))).code).toBe('MODEL_METADATA_INVALID');
    }
  });
});
