import type { ModelArtifact } from '../model-trainer.ts';
import { RiskScoringError } from '../risk-scoring-error.ts';

/**
 * The native file among a model's artifacts: what `ModelTrainer.load` reads.
 *
 * @param expected what the file is, for the message: `LightGBM's text format`
 * @throws {RiskScoringError} `MODEL_ARTIFACT_MISSING` where there is none
 * @example
 * const text = new TextDecoder().decode(nativeArtifact(artifacts, 'the .iforest file').bytes);
 */
export function nativeArtifact(artifacts: readonly ModelArtifact[], expected: string): ModelArtifact {
  const native = artifacts.find(({ role }) => role === 'native');
  if (native !== undefined) return native;
  throw new RiskScoringError({
    code: 'MODEL_ARTIFACT_MISSING',
    category: 'model',
    summary: 'The model has no native file.',
    expected: `an artifact with role 'native': ${expected}`,
    found: artifacts.map(({ role }) => role).join(', ') || 'no artifact',
  });
}
