import { InvalidInputError } from '@risk-scoring/contract';
import type { UnsavedMetadata } from './metadata.ts';

type Named = Pick<UnsavedMetadata, 'model_type' | 'network' | 'version' | 'training_period'>;

const versionPattern = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]{1,40})?$/;

/**
 * Checks a model version: three numbers, optionally with a pre-release or build part.
 *
 * @throws {InvalidInputError} for anything else, as it becomes part of file names
 */
export function validateModelVersion(version: string): string {
  if (!versionPattern.test(version)) {
    throw new InvalidInputError({
      what: 'The model version',
      expected: 'a version such as 1.0.0 or 1.2.0-rc.1',
      found: version,
      remedy: 'write --model-version 1.0.0',
    });
  }
  return version;
}

/** `{model_type}_{network}_v{version}_{YYYYMMDD_HHMMSS}`, the time in UTC. */
export function modelId(model: Named, createdAt: Date): string {
  return `${model.model_type}_${model.network}_v${model.version}_${timestamp(createdAt)}`;
}

/** The file name, without ending, of all files of a model. */
export function fileStem(model: Named, createdAt: Date): string {
  const { start_date, end_date, window_days } = model.training_period;
  return `${model.model_type}_${model.network}_v${model.version}_${start_date}_${end_date}_w${window_days}d_${timestamp(createdAt)}`;
}

/** The hidden folder in which a model's files are written; making it reserves the id. */
export function stagingName(id: string): string {
  return `.${id}.saving`;
}

/** Whether a name is one of {@link stagingName}. */
export function isStagingName(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.saving');
}

/** The stem of a file that has a name as {@link fileStem} makes it, or null. */
export function stemIn(name: string): string | null {
  return stemPattern.exec(name)?.[1] ?? null;
}

const stemPattern = /^((?:alert_scorer|alert_ranker|cluster_scorer)_.+_w\d+d_\d{8}_\d{6})\./;

/**
 * The files that are made of a model and stand beside it, whether they are there or not. They belong to it, but no hash guards them: they can be made
 * again.
 *
 * @example
 * derivedFiles('/models/simnet/m.json'); // { report: '/models/simnet/m.report.html', card: '/models/simnet/m.card.md' }
 */
export function derivedFiles(metadataPath: string): { report: string; card: string } {
  const stem = metadataPath.replace(/\.json$/, '');
  return { report: `${stem}.report.html`, card: `${stem}.card.md` };
}

/** `YYYYMMDD_HHMMSS` in UTC. */
function timestamp(date: Date): string {
  const digits = date.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
}
