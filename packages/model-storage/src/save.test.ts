import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelNotRegisteredError, ModelNotSavedError } from './errors.ts';
import { loadModel } from './load.ts';
import { validateModelVersion } from './model-name.ts';
import { readStoredModel } from './read-model.ts';
import { registerModel } from './register.ts';
import { sampleArtifacts, sampleMetadata } from './testing/fixture.ts';
import { openSite, refusal, type Site } from './testing/site.ts';
import { listModels } from './trained-models.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const noon = new Date('2025-03-01T12:00:00.900Z');
const inSimnet = (outputDir: string) => readdirSync(path.join(outputDir, 'simnet')).sort();

describe('saveModel', () => {
  it('writes the files under the names of the design, with the sha256 of each, and the row', async () => {
    const outputDir = path.join(site.folder, 'named', 'deeply');
    const saved = await site.save({ outputDir, createdAt: noon });
    const stem = 'alert_scorer_simnet_v1.0.0_2025-01-01_2025-02-01_w30d_20250301_120000';
    expect(inSimnet(outputDir)).toEqual(
      ['.holdout.txt', '.json', '.onnx', '.txt'].map((extension) => `${stem}${extension}`),
    );
    expect(saved.metadata.model_id).toBe('alert_scorer_simnet_v1.0.0_20250301_120000');
    for (const [name, file] of Object.entries(saved.metadata.files)) {
      const bytes = readFileSync(path.join(outputDir, 'simnet', name));
      expect(file).toMatchObject({
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    }
    const [row] = await listModels(site.database, { modelId: saved.metadata.model_id });
    expect(row).toMatchObject({
      created_at: '2025-03-01 12:00:00',
      model_path: saved.metadataPath,
      training_start_date: '2025-01-01',
      num_samples: 100,
      num_features: 2,
    });
    expect(row?.test_auc).toBeCloseTo(0.9, 6);
  });

  it('comes back as it was saved, the holdout with it', async () => {
    const saved = await site.save();
    const model = await loadModel(site.database, { model: saved.metadata.model_id });
    expect(model.metadata).toEqual(saved.metadata);
    expect(model.holdoutGroups).toEqual(['0xa', '0xb']);
    expect(model.artifacts.map(({ role, extension, bytes }) => [role, extension, bytes.length])).toEqual(
      sampleArtifacts.map(({ role, extension, bytes }) => [role, extension, bytes.length]),
    );
  });

  it('gives every model of one second its own id, also when they are saved at once and of other periods', async () => {
    const outputDir = path.join(site.folder, 'at-once');
    const other = sampleMetadata({
      training_period: { start_date: '2024-01-01', end_date: '2024-02-01', window_days: 30 },
    });
    const saved = await Promise.all(
      [sampleMetadata(), sampleMetadata(), other, other].map((metadata) =>
        site.save({ outputDir, metadata, createdAt: noon }),
      ),
    );
    expect(new Set(saved.map((model) => model.metadata.model_id)).size).toBe(4);
    for (const { metadataPath } of saved) await readStoredModel(metadataPath);
    expect(inSimnet(outputDir).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes another second where a killed save or delete left the hidden folder or any file of one', async () => {
    const outputDir = path.join(site.folder, 'left');
    const at = new Date('2025-04-01T00:00:00Z');
    mkdirSync(path.join(outputDir, 'simnet', '.alert_scorer_simnet_v1.0.0_20250401_000000.saving'), {
      recursive: true,
    });
    writeFileSync(
      path.join(
        outputDir,
        'simnet',
        'alert_scorer_simnet_v1.0.0_2025-01-01_2025-02-01_w30d_20250401_000001.holdout.txt',
      ),
      '',
    );
    const { metadata } = await site.save({ outputDir, createdAt: at });
    expect(metadata.model_id).toBe('alert_scorer_simnet_v1.0.0_20250401_000002');
  });

  it('refuses a version that could leave its folder', async () => {
    for (const version of ['../1.0.0', '1.0', 'v1.0.0', '1.0.0/..', '']) {
      expect(() => validateModelVersion(version)).toThrow(InvalidInputError);
    }
    await expect(site.save({ metadata: sampleMetadata({ version: '../../1.0.0' }) })).rejects.toThrow(
      InvalidInputError,
    );
  });

  it('leaves nothing behind where it cannot write', async () => {
    const outputDir = path.join(site.folder, 'blocked');
    mkdirSync(outputDir);
    writeFileSync(path.join(outputDir, 'simnet'), 'a file where the folder should be');
    const before = (await listModels(site.database)).length;
    await expect(site.save({ outputDir })).rejects.toThrow(ModelNotSavedError);
    expect((await listModels(site.database)).length).toBe(before);
  });

  it('leaves nothing behind where a file cannot be moved to its place', async () => {
    const outputDir = path.join(site.folder, 'unmovable');
    const stem = 'alert_scorer_simnet_v1.0.0_2025-01-01_2025-02-01_w30d_20250601_120000';
    // The metadata is the last to move. A folder gets in its way once the id is reserved, which is when artifacts are looked at.
    const artifacts = [
      {
        role: 'native' as const,
        extension: '.txt',
        get bytes() {
          mkdirSync(path.join(outputDir, 'simnet', `${stem}.json`), { recursive: true });
          return Buffer.from('x');
        },
      },
    ];
    const createdAt = new Date('2025-06-01T12:00:00Z');
    await expect(site.save({ outputDir, artifacts, createdAt })).rejects.toThrow(ModelNotSavedError);
    expect(inSimnet(outputDir)).toEqual([`${stem}.json`]);
  });

  it.each(['/../moved', '.json', '\\moved', '.txt\0'])(
    'refuses an artifact whose extension is %j, with nothing left behind',
    async (extension) => {
      const outputDir = path.join(site.folder, `extension-${extension.length}`);
      const artifacts = [{ role: 'native' as const, extension, bytes: Buffer.from('x') }];
      await expect(site.save({ outputDir, artifacts })).rejects.toThrow(ModelNotSavedError);
      expect(inSimnet(outputDir)).toEqual([]);
    },
  );

  it('refuses metadata that could not be read back, with nothing left behind', async () => {
    const outputDir = path.join(site.folder, 'nan');
    const metadata = sampleMetadata({ feature_importances: { a: Number.NaN } });
    await expect(site.save({ outputDir, metadata })).rejects.toThrow(/feature_importances/);
    expect(inSimnet(outputDir)).toEqual([]);
  });

  it('keeps the whole model on disk where only the row fails, says where, and the command it names registers it', async () => {
    const outputDir = path.join(site.folder, 'unregistered');
    await site.database.command({ sql: 'RENAME TABLE trained_models TO hidden_models', doing: 'hiding' });
    const failing = await refusal(site.save({ outputDir, createdAt: new Date('2025-05-01T12:00:00Z') }));
    await site.database.command({ sql: 'RENAME TABLE hidden_models TO trained_models', doing: 'showing' });
    expect(failing).toBeInstanceOf(ModelNotRegisteredError);
    const [, file = ''] =
      /risk-scoring models register --network simnet (\S+\.json)/.exec((failing as Error).message) ?? [];
    const { metadata, artifacts } = await loadModel(site.database, { model: file });
    expect(artifacts).toHaveLength(2);
    await registerModel(site.database, file);
    expect(await listModels(site.database, { modelId: metadata.model_id })).toHaveLength(1);
  });
});
