import type { TrainedModel } from '@risk-scoring/contract';

/** The file of a model with a role. */
export async function fileOf(model: TrainedModel, role: 'native' | 'onnx'): Promise<Uint8Array> {
  const artifact = (await model.artifacts()).find((candidate) => candidate.role === role);
  return artifact?.bytes ?? new Uint8Array();
}

/** Compares long arrays at once, bit by bit. */
export function sameBits(a: Uint8Array | Float64Array, b: Uint8Array | Float64Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}

/** Largest difference between two lists. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}
