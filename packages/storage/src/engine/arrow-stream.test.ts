import { RecordBatchReader, tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { wholeArrow } from './arrow-stream.ts';
import { InterruptedResultError } from './transport-errors.ts';

const message =
  "Code: 395. DB::Exception: Value passed to 'throwIf' function is non-zero: Grüße. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 26.7.2.1)";
const tag = 'abcdefghij123456';
const tagged = `\r\n__exception__\r\n${tag}\r\n${message}\n${Buffer.byteLength(message) + 1} ${tag}\r\n__exception__\r\n`;

function ipc(rows: number, text = 'name'): Buffer {
  const table = tableFromArrays({
    id: Int32Array.from({ length: rows }, (_, i) => i),
    name: Array.from({ length: rows }, (_, i) => `${text}-${i}`),
  });
  return Buffer.from(tableToIPC(table, 'stream'));
}

/** The bytes in chunks of a size, as they come from a connection. */
async function* inChunks(bytes: Buffer, size: number, failure?: Error): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  if (failure) throw failure;
}

/** How many rows come out, as the engine reads them. */
async function countRows(stream: AsyncIterable<Buffer>): Promise<number> {
  const { chunks, isWhole } = wholeArrow(stream);
  let rows = 0;
  for await (const batch of await RecordBatchReader.from(chunks)) rows += batch.numRows;
  if (!isWhole()) throw new InterruptedResultError();
  return rows;
}

describe('wholeArrow', () => {
  it.each([1, 7, 1000, 1 << 20])('passes a whole stream on, in chunks of %i bytes', async (size) => {
    expect(await countRows(inChunks(ipc(100), size))).toBe(100);
  });

  it('passes on what is longer than what it holds back', async () => {
    const rows = 200_000;
    const bytes = ipc(rows);
    expect(bytes.length).toBeGreaterThan(2_000_000);
    expect(await countRows(inChunks(bytes, 65_536))).toBe(rows);
    await expect(countRows(inChunks(bytes.subarray(0, -100), 65_536))).rejects.toThrow(
      InterruptedResultError,
    );
  });

  // Some of these bytes, taken for a message, would keep apache-arrow busy for ever.
  it.each([
    ['nothing more', '', InterruptedResultError],
    ['an exception as text', message, /^Value passed to 'throwIf' function is non-zero: Grüße/],
    ['an exception in a tagged block', tagged, /^Value passed to 'throwIf' function is non-zero: Grüße/],
  ] as const)('fails wherever the stream ends with %s', async (_, ending, error) => {
    const bytes = ipc(5);
    for (let length = 0; length < bytes.length; length++) {
      const cut = Buffer.concat([bytes.subarray(0, length), Buffer.from(ending)]);
      await expect(countRows(inChunks(cut, 100)), `cut after ${length} bytes`).rejects.toThrow(error);
    }
  });

  it('fails when an exception comes behind the last row and the end', async () => {
    const failed = Buffer.concat([ipc(5), Buffer.from(message)]);
    await expect(countRows(inChunks(failed, 100))).rejects.toMatchObject({
      code: '395',
      type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
    });
  });

  it('fails as the connection fails', async () => {
    const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    for (const length of [0, 52, 200, 1000]) {
      await expect(countRows(inChunks(ipc(5).subarray(0, length), 50, reset))).rejects.toBe(reset);
    }
  });

  it('takes rows for rows, whatever is written in them', async () => {
    const bytes = ipc(3, message);
    expect(await countRows(inChunks(bytes, 100))).toBe(3);
    const hostile = ipc(3, `Code: 1. DB::${'a'.repeat(10_000)}`).subarray(0, -8);
    await expect(countRows(inChunks(hostile, 100))).rejects.toThrow(InterruptedResultError);
    const failed = Buffer.concat([
      ipc(3, 'Code: 1. DB::Exception: mine. (MINE)').subarray(0, -50),
      Buffer.from(tagged),
    ]);
    await expect(countRows(inChunks(failed, 100))).rejects.toThrow(/throwIf/);
  });
});
