import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPartlyFilledFile } from './skip-empty-rows.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string, name = 'list.csv'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('readPartlyFilledFile', () => {
  it('leaves out rows without a label, and tells the file itself', async () => {
    const text = 'address,label,note\r\n0xa,1,"one, two"\r\n0xb,,\r\n\r\n0xc, ,"line\nbreak"\r\n0xd,0,x\r\n';
    const file = write(text);
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('risk-scoring-labels-'));
    const { rows, skipped, sha256, bytes, columns } = await readPartlyFilledFile(file);
    expect(rows.addresses.values).toEqual(['0xa', '0xd']);
    expect([...rows.labels]).toEqual([1, 0]);
    expect(skipped).toBe(2);
    expect(columns).toEqual(['address', 'label', 'note']);
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(bytes).toBe(Buffer.byteLength(text));
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('risk-scoring-labels-'));
    expect(after).toEqual(before);
  });

  it('keeps rows that say a risk level', async () => {
    const { rows, skipped } = await readPartlyFilledFile(
      write('address,label,risk_level\n0xa,,high\n0xb,,\n'),
    );
    expect(rows.addresses.values).toEqual(['0xa']);
    expect(skipped).toBe(1);
  });

  it('tells wrong rows by their place in the file that was named', async () => {
    const file = write('address,label\n0xa,\n0xb,maybe\n');
    await expect(readPartlyFilledFile(file)).rejects.toMatchObject({
      code: 'LABEL_FILE_INVALID',
      summary: expect.stringContaining(file),
      found: expect.stringContaining('row 3, column label'),
    });
  });

  it.each([
    ['nothing is filled in', 'list.csv', 'address,label\n0xa,\n', 'no rows'],
    ['it is no CSV', 'list.ndjson', '{"address":"0xa"}\n', 'list.ndjson'],
    ['a quote is never closed', 'list.csv', 'address,label\n"0xa,1\n', 'never closed'],
    ['there is no column of labels', 'list.csv', 'address\n0xa\n', 'address'],
  ])('refuses a file of which %s', async (_, name, text, found) => {
    await expect(readPartlyFilledFile(write(text, name))).rejects.toMatchObject({
      code: 'LABEL_FILE_INVALID',
      found: expect.stringContaining(found),
    });
  });

  it('refuses a file that is not there', async () => {
    await expect(readPartlyFilledFile(path.join(folder, 'none.csv'))).rejects.toMatchObject({
      code: 'LABEL_FILE_INVALID',
    });
  });
});
