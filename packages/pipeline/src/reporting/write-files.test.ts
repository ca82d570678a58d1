import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFiles } from './write-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writing files', () => {
  it('replaces what was there, and makes the folder', async () => {
    const file = path.join(folder, 'new', 'page.html');
    for (const text of ['one', 'two']) {
      await writeFiles([{ file, text }]);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
    expect(readdirSync(path.dirname(file))).toEqual(['page.html']);
  });

  it('leaves the first as it was and nothing aside where the second cannot be written', async () => {
    const inside = path.join(folder, 'mixed');
    mkdirSync(inside);
    const first = path.join(inside, 'page.html');
    const noFolder = path.join(inside, 'file');
    writeFileSync(first, 'before');
    writeFileSync(noFolder, '');
    const files = [
      { file: first, text: 'after' },
      { file: path.join(noFolder, 'card.md'), text: 'card' },
    ];
    await expect(writeFiles(files)).rejects.toMatchObject({
      code: 'REPORT_NOT_WRITTEN',
      category: 'environment',
    });
    expect(readFileSync(first, 'utf8')).toBe('before');
    expect(readdirSync(inside).sort()).toEqual(['file', 'page.html']);
  });
});
