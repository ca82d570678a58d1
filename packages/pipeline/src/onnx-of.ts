import { type ModelArtifact, RiskScoringError } from '@risk-scoring/contract';

/**
 * The ONNX form among a model's artifacts: what serves.
 *
 * @throws {RiskScoringError} `ONNX_MISSING` where there is none
 */
export function onnxOf(artifacts: readonly ModelArtifact[]): ModelArtifact {
  const onnx = artifacts.find((artifact) => artifact.role === 'onnx');
  if (onnx !== undefined) return onnx;
  throw new RiskScoringError({
    code: 'ONNX_MISSING',
    category: 'model',
    summary: 'The model has no ONNX form, and ONNX is what serves.',
    expected: "an artifact with role 'onnx'",
    found: artifacts.map((artifact) => artifact.role).join(', ') || 'no artifact',
    remedy: 'mend the trainer, or restore the metadata of the model as it was saved',
  });
}
