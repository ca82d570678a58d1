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

/** `YYYYMMDD_HHMMSS` in UTC. */
function timestamp(date: Date): string {
  const digits = date.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
}
