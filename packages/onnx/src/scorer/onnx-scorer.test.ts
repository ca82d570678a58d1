import { CancelledError, FeatureSchemaMismatchError, InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertLightGBMToOnnx } from '../convert/convert-lightgbm-to-onnx.ts';
import { OnnxModelError } from '../errors.ts';
import { matrixOf, matrixOfColumns } from '../testing/matrices.ts';
import { modelText } from '../testing/model-text.ts';
import { learningData, withTrainedBooster } from '../testing/native-models.ts';
import type { OnnxScorer } from './onnx-scorer.ts';
import { openOnnxScorer } from './open-onnx-scorer.ts';
import { copyRowMajor } from './transpose.ts';

const columns = 12;
const data = learningData(5, 5000, columns);
const names = Array.from({ length: columns }, (_, i) => `Column_${i}`);
const matrix = matrixOfColumns(names, data.values);
const training = { parameters: { objective: 'binary', num_leaves: 31 }, iterations: 200 };
const bytes = convertLightGBMToOnnx(withTrainedBooster(data, training, (booster) => booster.saveToString()));

describe('openOnnxScorer', () => {
  let scorer: OnnxScorer;
  beforeAll(async () => {
    scorer = await openOnnxScorer(bytes, { chunkRows: 512, sessions: 2 });
  });
  afterAll(() => scorer.dispose());

  it('says what it wants', () => {
    expect(scorer.featureNames).toEqual(names);
    expect(scorer.link).toBe('logistic');
  });

  it('gives a row the same bits alone, in a few, in a batch, and in chunks and threads of any number', async () => {
    const batch = await scorer.score(matrix);
    const whole = await openOnnxScorer(bytes, { chunkRows: 100_000, sessions: 1 });
    const odd = await openOnnxScorer(bytes, { chunkRows: 37, sessions: 3 });
    expect(await whole.score(matrix)).toEqual(batch);
    expect(await odd.score(matrix)).toEqual(batch);
    for (let row = 0; row < matrix.rows; row += 41) {
      const alone = await scorer.score(matrix, { rows: Int32Array.of(row) });
      expect(alone.raw[0]).toBe(batch.raw[row]);
      expect(alone.probability[0]).toBe(batch.probability[row]);
    }
    await Promise.all([whole.dispose(), odd.dispose()]);
  });

  it('scores the rows asked for, in the order asked for', async () => {
    const all = await scorer.score(matrix);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(matrix.rows - 1), { maxLength: 700 }), async (picked) => {
        const { raw, probability } = await scorer.score(matrix, { rows: Int32Array.from(picked) });
        expect(Array.from(raw)).toEqual(picked.map((row) => all.raw[row]));
        expect(Array.from(probability)).toEqual(picked.map((row) => all.probability[row]));
      }),
      { numRuns: 50 },
    );
  });

  it('keeps calls that are under way together apart', async () => {
    const parts = Array.from({ length: 8 }, (_, i) =>
      Int32Array.from({ length: 600 }, (_, j) => i * 600 + j),
    );
    const all = await scorer.score(matrix);
    const scored = await Promise.all(parts.map((rows) => scorer.score(matrix, { rows })));
    for (const [i, { raw }] of scored.entries()) expect(raw).toEqual(all.raw.slice(i * 600, (i + 1) * 600));
  });

  it('reads a matrix in shared memory and leaves every matrix as it was', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(data.values.byteLength));
    shared.set(data.values);
    const before = data.values.slice();
    expect(await scorer.score({ ...matrix, values: shared })).toEqual(await scorer.score(matrix));
    expect(data.values).toEqual(before);
    expect(shared).toEqual(before);
  });

  it('keeps a copy of the bytes', async () => {
    const mine = bytes.slice();
    const scorer = await openOnnxScorer(mine);
    mine.fill(0);
    expect((await scorer.score(matrix)).raw).toHaveLength(matrix.rows);
    await scorer.dispose();
  });

  it('reports progress up to the last row, and leaves the event loop free meanwhile', async () => {
    const seen: number[] = [];
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 0);
    await scorer.score(matrix, { onProgress: ({ rowsDone, rows }) => seen.push(rowsDone / rows) });
    clearInterval(ticking);
    expect(seen).toHaveLength(Math.ceil(matrix.rows / 512));
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(ticks).toBeGreaterThan(0);
  });

  it('stops between chunks when the signal aborts, and can be used again', async () => {
    const stop = new AbortController();
    let rowsDone = 0;
    const scoring = scorer.score(matrix, {
      signal: stop.signal,
      onProgress: (progress) => {
        rowsDone = progress.rowsDone;
        stop.abort();
      },
    });
    await expect(scoring).rejects.toThrow(CancelledError);
    expect(rowsDone).toBeLessThan(matrix.rows);
    const aborted = scorer.score(matrix, {
      rows: Int32Array.of(1),
      signal: AbortSignal.abort(),
    });
    await expect(aborted).rejects.toThrow(CancelledError);
    expect((await scorer.score(matrix)).raw).toHaveLength(matrix.rows);
  });

  it('scores no rows as no rows', async () => {
    expect(await scorer.score(matrix, { rows: new Int32Array() })).toEqual({
      raw: new Float64Array(),
      probability: new Float64Array(),
    });
  });

  it('refuses a matrix with other features, fewer features or another order', async () => {
    const renamed = matrixOfColumns([...names.slice(0, -1), 'other'], data.values);
    const swapped = matrixOfColumns(names.toReversed(), data.values);
    const narrow = matrixOf(names.slice(1), [new Float32Array(columns - 1)]);
    for (const wrong of [renamed, swapped, narrow]) {
      await expect(scorer.score(wrong)).rejects.toThrow(FeatureSchemaMismatchError);
    }
    const named = await openOnnxScorer(bytes, { modelId: 'alert_scorer_x' });
    await expect(named.score(narrow)).rejects.toThrow('alert_scorer_x');
    await named.dispose();
  });

  it('refuses rows that are not there, and a matrix shorter than it says', async () => {
    for (const row of [-1, matrix.rows]) {
      await expect(scorer.score(matrix, { rows: Int32Array.of(0, row) })).rejects.toThrow(InvalidInputError);
    }
    await expect(scorer.score({ ...matrix, rows: matrix.rows + 1 })).rejects.toThrow(InvalidInputError);
  });

  it('refuses options that are no positive integers', async () => {
    for (const wrong of [{ chunkRows: 0 }, { sessions: 1.5 }, { sessions: Number.NaN }]) {
      await expect(openOnnxScorer(bytes, wrong)).rejects.toThrow(InvalidInputError);
    }
  });

  it('finishes what is under way before it is disposed of, twice is once, and then refuses', async () => {
    const scorer = await openOnnxScorer(bytes, { chunkRows: 256, sessions: 2 });
    const scoring = scorer.score(matrix);
    await Promise.all([scorer.dispose(), scorer.dispose()]);
    expect((await scoring).raw).toHaveLength(matrix.rows);
    await expect(scorer.score(matrix)).rejects.toThrow(InvalidInputError);
    await scorer.dispose();
  });

  it('answers bytes that are no model with a typed error, wherever they are cut or changed', async () => {
    const text = modelText({
      trees: [{ feature: 0, threshold: 1, decisionType: 2, left: 0, right: 1 }],
      features: ['a'],
      objective: 'binary sigmoid:1',
    });
    const small = convertLightGBMToOnnx(text);
    const open = async (candidate: Uint8Array) => {
      try {
        await (await openOnnxScorer(candidate)).dispose();
      } catch (error) {
        expect(error).toBeInstanceOf(OnnxModelError);
        return false;
      }
      return true;
    };
    expect(await open(small)).toBe(true);
    expect(await open(new Uint8Array())).toBe(false);
    expect(await open(new TextEncoder().encode(text))).toBe(false);
    for (let length = 1; length < small.length; length += 7)
      expect(await open(small.slice(0, length))).toBe(false);
    for (let at = 0; at < small.length; at += 5) await open(small.with(at, small[at] ^ 0x15));
  });
});

describe('copyRowMajor', () => {
  it('is a transposition of the picked rows', () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 300 }),
      columns: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(shape, fc.infiniteStream(fc.nat()), ({ rows, columns }, stream) => {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => i);
        const matrix = matrixOfColumns(Array.from({ length: columns }, String), values);
        const picked = Int32Array.from({ length: 200 }, () => (stream.next().value ?? 0) % rows);
        const target = new Float32Array(150 * columns);
        copyRowMajor(target, matrix, { rows: picked, start: 30, end: 180 });
        const expected = Array.from(picked.slice(30, 180)).flatMap((row) =>
          Array.from({ length: columns }, (_, column) => column * rows + row),
        );
        expect(Array.from(target)).toEqual(expected);
      }),
    );
  });
});
