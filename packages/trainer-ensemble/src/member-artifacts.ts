import type { ModelArtifact, ModelTrainer, TrainedModel } from '@risk-scoring/contract';
import { EnsembleModelError } from './errors.ts';

/** A trained member. */
export interface EnsemblePart {
  readonly name: string;
  readonly trainer: ModelTrainer;
  readonly model: TrainedModel;
}

/** A member's files: its ONNX twin, and what the ensemble's file has to hold for its trainer to load it. */
export interface MemberFiles {
  readonly onnx: Uint8Array;
  readonly kept: readonly ModelArtifact[];
}

/**
 * Takes a member's files. The ONNX twin is kept in the ensemble's file, too, where the member cannot be loaded without it, or would not
 * write the same one again: loading it from its native files alone shows that.
 *
 * @throws {EnsembleModelError} where it lacks a native file or an ONNX twin
 */
export async function memberFiles({ name, trainer, model }: EnsemblePart): Promise<MemberFiles> {
  const artifacts = await model.artifacts();
  const native = artifacts.filter(({ role }) => role === 'native');
  const onnx = artifacts.find(({ role }) => role === 'onnx');
  if (native.length === 0 || onnx === undefined) {
    throw new EnsembleModelError({
      expected: `a native file and an ONNX twin of the member '${name}'`,
      found: artifacts.map(({ role }) => role).join(', ') || 'no artifact',
      remedy: `mend the trainer '${trainer.name}': a model that has no ONNX twin cannot be served`,
    });
  }
  const sufficient = await writesAgain(trainer, native, onnx.bytes);
  return { onnx: onnx.bytes, kept: sufficient ? native : artifacts };
}

async function writesAgain(
  trainer: ModelTrainer,
  native: readonly ModelArtifact[],
  onnx: Uint8Array,
): Promise<boolean> {
  let loaded: TrainedModel | undefined;
  try {
    loaded = await trainer.load(native);
    const again = (await loaded.artifacts()).find(({ role }) => role === 'onnx');
    return again !== undefined && Buffer.compare(again.bytes, onnx) === 0;
  } catch {
    return false;
  } finally {
    await loaded?.dispose();
  }
}
