import { createHash } from 'node:crypto';
import type { TrainingData } from '@risk-scoring/contract';
import type { Data } from 'apache-arrow';

/** A hash over every buffer of every table, by which a write into one of them shows. */
export function fingerprintTables(data: TrainingData): string {
  const hash = createHash('sha256');
  const { alerts, features, clusters, moneyFlows, addressLabels } = data;
  for (const table of [alerts, features, clusters, moneyFlows, addressLabels]) {
    for (const batch of table.batches) addBuffers(batch.data);
  }
  return hash.digest('hex');

  function addBuffers(chunk: Data): void {
    for (const buffer of [chunk.values, chunk.valueOffsets, chunk.nullBitmap]) {
      if (ArrayBuffer.isView(buffer))
        hash.update(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
    }
    for (const child of chunk.children) addBuffers(child);
    for (const part of chunk.dictionary?.data ?? []) addBuffers(part);
  }
}
