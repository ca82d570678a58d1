import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Binary,
  Bool,
  DateMillisecond,
  Dictionary,
  Float32,
  Int32,
  Table,
  tableToIPC,
  Uint8,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { Table as ParquetTable, writeParquet } from 'parquet-wasm';
import { afterAll, describe, expect, it } from 'vitest';
import { readSubmission } from './read-submission.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const only = { date: '2025-01-01', windowDays: 30 };

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function parquet(name: string, columns: Record<string, Vector>): string {
  const ipc = tableToIPC(new Table(columns), 'stream');
  return write(name, writeParquet(ParquetTable.fromIPCStream(ipc)));
}

const refusal = (file: string) =>
  readSubmission(file, { only }).then(
    () => 'read',
    (error: { code: string; found: string }) => `${error.code}: ${error.found}`,
  );

describe('a CSV file', () => {
  it('is read in any order of columns, with a byte order mark and columns that nobody asked for', async () => {
    const file = write('bom.csv', '\ufeffscore,note,alert_id\r\n0.25,"a,b",x\r\n 1e-3 ,,y\r\n');
    const read = await readSubmission(file, { only });
    expect(read.alertIds).toEqual(['x', 'y']);
    expect(Array.from(read.scores)).toEqual([0.25, 0.001]);
    // It names no model anywhere.
    expect([read.withoutVersion, read.withoutUrl]).toEqual([2, 2]);
  });

  it('keeps what is wrong in rows for others to judge', async () => {
    const cells = ['high', '', 'NaN', 'Infinity', '0x1', '1,5', '1.5', '-0.1', '.5'];
    const lines = cells.map((cell, row) => `${row},"${cell}",v,`);
    const file = write('text.csv', `alert_id,score,model_version,model_github_url\n${lines.join('\n')}`);
    const read = await readSubmission(file, { only });
    const nan = Number.NaN;
    expect(Array.from(read.scores)).toEqual([nan, nan, nan, nan, nan, nan, 1.5, -0.1, 0.5]);
    expect(read).toMatchObject({ withoutVersion: 0, withoutUrl: 9, versions: ['v'], urls: [] });
  });

  it('counts rows of other dates and windows, and leaves them out', async () => {
    const rows = [
      'a,0.1,2025-01-01,30',
      'b,0.1,2025-01-02,30',
      'c,0.1,2025-01-01,7',
      'd,0.1,,',
      'e,0.1,2025-01-01 00:00:00,30',
    ];
    const file = write('dates.csv', `alert_id,score,processing_date,window_days\n${rows.join('\n')}\n`);
    const read = await readSubmission(file, { only });
    expect(read.alertIds).toEqual(['a', 'd', 'e']);
    expect(read.rowsOfOtherSnapshots).toBe(2);
    expect((await readSubmission(file)).alertIds).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is refused where it is no submission', async () => {
    expect(await refusal(write('empty.csv', ''))).toBe('SUBMISSION_FILE_UNREADABLE: an empty file');
    expect(await refusal(write('blank.csv', '\n \n'))).toMatch('nothing but blank lines');
    expect(await refusal(write('columns.csv', 'id;score\n1;2\n'))).toMatch('the columns id;score');
    expect(await refusal(write('twice.csv', 'alert_id,score,score\n'))).toMatch('alert_id, score, score');
    expect(await refusal(write('ragged.csv', 'alert_id,score\na,0.1\nb\n'))).toMatch(
      'in record 3, the header being 1: 1 cells where the header has 2',
    );
    expect(await refusal(write('open.csv', 'alert_id,score\n"a,0.1\n'))).toMatch(
      'a quote that is never closed',
    );
    expect(await refusal(write('latin.csv', Uint8Array.of(0x61, 0xe9, 0x0a)))).toMatch('no UTF-8');
    expect(await refusal(write('submission.xlsx', 'PK'))).toMatch('submission.xlsx');
    expect(await refusal(path.join(folder, 'none.csv'))).toMatch('no such file');
    mkdirSync(path.join(folder, 'folder.csv'));
    expect(await refusal(path.join(folder, 'folder.csv'))).toMatch('a folder');
  });

  it('is refused unread where it is too large', async () => {
    const file = write('large.csv', 'alert_id,score\n');
    // A sparse file: it takes no room.
    truncateSync(file, 2_000_000_001);
    expect(await refusal(file)).toMatch('2000000001');
  });
});

describe('a Parquet file', () => {
  it('is read whatever types hold the texts, numbers and dates', async () => {
    const bytes = ['x', 'y'].map((id) => new TextEncoder().encode(id));
    const file = parquet('types.parquet', {
      alert_id: vectorFromArray(bytes, new Binary()),
      score: vectorFromArray([0.5, null], new Float32()),
      processing_date: vectorFromArray([Date.UTC(2025, 0, 1), Date.UTC(2025, 0, 1)], new DateMillisecond()),
      window_days: vectorFromArray([30, 30], new Uint8()),
      model_version: vectorFromArray(['1.0.0', ''], new Dictionary(new Utf8(), new Int32())),
      nobody_asked: vectorFromArray([true, false], new Bool()),
    });
    const read = await readSubmission(file, { only });
    expect(read).toMatchObject({
      alertIds: ['x', 'y'],
      withoutVersion: 1,
      withoutUrl: 2,
      dates: ['2025-01-01'],
    });
    expect(Array.from(read.scores)).toEqual([0.5, Number.NaN]);
  });

  it('is read where scores are texts, which may be no numbers', async () => {
    const file = parquet('texts.parquet', {
      alert_id: vectorFromArray(['a', 'b'], new Utf8()),
      score: vectorFromArray(['0.75', 'high'], new Utf8()),
    });
    expect(Array.from((await readSubmission(file)).scores)).toEqual([0.75, Number.NaN]);
  });

  it('is refused where it is no submission', async () => {
    const ids = vectorFromArray(['a'], new Utf8());
    const flags = parquet('flags.parquet', { alert_id: ids, score: vectorFromArray([true], new Bool()) });
    expect(await refusal(flags)).toMatch('SUBMISSION_FILE_UNREADABLE: one of the type Bool');
    expect(await refusal(parquet('columns.parquet', { id: ids }))).toMatch('the columns id');
    expect(await refusal(write('text.parquet', 'alert_id,score\n'))).toMatch('cannot be decoded');
    expect(await refusal(write('empty.parquet', ''))).toMatch('an empty file');
    expect(await refusal(write('magic.parquet', 'PAR1PAR1'))).toMatch('cannot be decoded');
  });

  it('is refused, or read, but never ends the process where bytes are cut off or changed', async () => {
    const whole = writeParquet(
      ParquetTable.fromIPCStream(
        tableToIPC(
          new Table({
            alert_id: vectorFromArray(
              Array.from({ length: 500 }, (_, row) => `alert-${row}`),
              new Utf8(),
            ),
            score: vectorFromArray(
              Array.from({ length: 500 }, (_, row) => row / 500),
              new Float32(),
            ),
          }),
          'stream',
        ),
      ),
    );
    expect(await refusal(write('cut.parquet', whole.subarray(0, whole.length - 9)))).toMatch(
      'cannot be decoded',
    );
    const places = [4, 40, whole.length >> 1, whole.length - 300, whole.length - 60, whole.length - 14];
    await Promise.all(
      places.map(async (at) => {
        const changed = whole.slice();
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        const file = write(`changed-${at}.parquet`, changed);
        expect(await refusal(file)).toMatch(/^read|^SUBMISSION_FILE_UNREADABLE/);
      }),
    );
    expect(await refusal(write('whole.parquet', whole))).toBe('read');
  });
});
