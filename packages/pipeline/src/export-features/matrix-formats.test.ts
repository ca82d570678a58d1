import type { FeatureMatrix } from '@risk-scoring/contract';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import { describe, expect, it } from 'vitest';
import { matrixBatches, matrixSchema } from './matrix-batches.ts';
import { MATRIX_FORMATS } from './matrix-formats.ts';

/** More rows than a batch and a row group hold. */
const ROWS = 130_001;

const odd = [Number.NaN, 0, -0, 1, -1.5, 3.4e38, 1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function largeMatrix(): FeatureMatrix {
  const values = new Float32Array(new SharedArrayBuffer(ROWS * 2 * 4));
  for (let at = 0; at < values.length; at++) values[at] = at % 5 === 0 ? (odd[at % odd.length] ?? 0) : at;
  return {
    values,
    rows: ROWS,
    columns: ['first', 'second'].map((name) => ({
      name,
      group: 'test',
      kind: 'numeric',
      meaning: 'größer als 0',
      missing: 'unknown',
    })),
    keys: {
      processingDates: Int32Array.from({ length: ROWS }, (_, row) => 20_000 + Math.floor(row / 1000)),
      ids: Array.from({ length: ROWS }, (_, row) => `alert-${'é'.repeat(row % 3)}-${row}`),
    },
    splitGroups: Int32Array.from({ length: ROWS }, (_, row) => row % 2),
    splitGroupNames: ['0xAb', '地址'],
    queryIds: new Int32Array(ROWS),
    schemaHash: 'abc',
  };
}

describe.each(Object.entries(MATRIX_FORMATS))('%s', (ending, encode) => {
  it('gives back many batches bit by bit, and waits for whoever takes the bytes', {
    timeout: 60_000,
  }, async () => {
    const matrix = largeMatrix();
    const schema = matrixSchema(matrix.columns, new Map([['schema_hash', 'abc']]));
    const chunks: Uint8Array[] = [];
    let busy = 0;
    await encode(matrixBatches(matrix, schema), schema, async (chunk) => {
      expect(++busy).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      chunks.push(chunk.slice());
      busy -= 1;
    });
    const bytes = Buffer.concat(chunks);
    const table = tableFromIPC(ending === '.parquet' ? readParquet(bytes).intoIPCStream() : bytes);
    expect(table.numRows).toBe(ROWS);
    expect(table.schema.fields[3]?.metadata.get('meaning')).toBe('größer als 0');
    expect(Array.from(table.getChild('alert_id') ?? [])).toEqual(matrix.keys.ids);
    expect(new Set(table.getChild('address'))).toEqual(new Set(matrix.splitGroupNames));
    matrix.columns.forEach(({ name }, index) => {
      const found = Float32Array.from(table.getChild(name) ?? []);
      const expected = matrix.values.slice(index * ROWS, (index + 1) * ROWS);
      expect(Buffer.from(found.buffer).equals(Buffer.from(expected.buffer)), name).toBe(true);
    });
  });

  it('passes on what goes wrong with the batches, and with whoever takes the bytes', async () => {
    const matrix = largeMatrix();
    const schema = matrixSchema(matrix.columns, new Map());
    function* breaking() {
      for (const batch of matrixBatches(matrix, schema)) {
        yield batch;
        if (batch.numRows > 0) throw new RangeError('no more batches');
      }
    }
    await expect(encode(breaking(), schema, async () => {})).rejects.toThrow(
      new RangeError('no more batches'),
    );
    const full = async () => {
      throw new RangeError('the disk is full');
    };
    await expect(encode(matrixBatches(matrix, schema), schema, full)).rejects.toThrow('the disk is full');
  });
});
