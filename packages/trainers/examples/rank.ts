// A ranker: orders the alerts of a snapshot by how much they matter, with what is known of two columns.
import type { FeatureMatrix } from '@risk-scoring/contract';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

/**
 * The rows of `data` that are judged, best first within each query.
 *
 * @param relevance 0 (normal) and up, per row of the matrix
 */
export async function rankRows(
  data: FeatureMatrix,
  relevance: Uint8Array,
  parts: { readonly train: Int32Array; readonly validation: Int32Array; readonly test: Int32Array },
): Promise<Int32Array> {
  const trainer = createLightGBMTrainer({
    modelType: 'alert_ranker',
    monotoneConstraints: { total_volume_usd: 1 },
    categoricalColumns: 'auto',
  });
  const model = await trainer.train({
    data,
    trainRows: parts.train,
    validationRows: parts.validation,
    labels: new Int8Array(data.rows),
    relevance,
    weights: new Float32Array(data.rows).fill(1),
    seed: 42,
  });
  try {
    const scores = await model.predict(data, { rows: parts.test });
    const query = (i: number) => data.queryIds[parts.test[i] ?? -1] ?? -1;
    return Int32Array.from(parts.test.keys())
      .sort((a, b) => query(a) - query(b) || (scores[b] ?? 0) - (scores[a] ?? 0))
      .map((i) => parts.test[i] ?? -1);
  } finally {
    await model.dispose();
  }
}
