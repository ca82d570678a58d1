import { createRandom } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { csvRecords } from './csv-records.ts';
import { csvCell } from './submission-csv.ts';

async function parse(text: string, sizes: readonly number[] = [text.length]): Promise<string[][]> {
  async function* blocks() {
    for (let at = 0, turn = 0; at < text.length; turn++) {
      const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
      yield text.slice(at, at + size);
      at += size;
    }
  }
  const records: string[][] = [];
  for await (const some of csvRecords(blocks())) records.push(...some);
  return records;
}

describe('csvRecords', () => {
  it('takes all three line ends, quotes, empty cells and a last line without an end', async () => {
    expect(await parse('a,b\r\n1,\n"x,""y""\r\n",2\r,\n\n  \n"",z')).toEqual([
      ['a', 'b'],
      ['1', ''],
      ['x,"y"\r\n', '2'],
      ['', ''],
      ['', 'z'],
    ]);
    expect(await parse('')).toEqual([]);
  });

  it('refuses a quote that stays open, text after a closing one, and a record without an end', async () => {
    await expect(parse('a\n"x')).rejects.toMatchObject({
      message: 'a quote that is never closed',
      record: 2,
    });
    await expect(parse('a\n"x"y\n')).rejects.toMatchObject({
      message: 'text after a closing quote',
      record: 2,
    });
    await expect(parse(`a\n"${'x,\n'.repeat(400_000)}`)).rejects.toThrow('more than a million characters');
  });

  it('reads back any cells as they were written, wherever the text is cut', async () => {
    const parts = ['', '"', ',', '\r', '\n', '\r\n', ' ', '\ufeff', '=1', 'é', '地', 'a', '""'];
    const random = createRandom(7, 'cells');
    const pick = (most: number) => random.integer(most);
    for (let turn = 0; turn < 300; turn++) {
      const wanted = Array.from({ length: pick(6) }, () =>
        Array.from({ length: 2 + pick(3) }, () =>
          Array.from({ length: pick(5) }, () => parts[pick(parts.length)] ?? '').join(''),
        ),
      );
      const text = wanted.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
      expect(await parse(text, [1 + pick(3), 1 + pick(9), 1 + pick(30)])).toEqual(wanted);
    }
  });
});
