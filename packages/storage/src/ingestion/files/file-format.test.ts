import { describe, expect, it } from 'vitest';
import { FileError } from './errors.ts';
import { fileFormatOf } from './file-format.ts';

describe('fileFormatOf', () => {
  it('reads format and compression from the end of the name', () => {
    expect(fileFormatOf('raw_alerts.parquet')).toEqual({ format: 'Parquet', compression: 'none' });
    expect(fileFormatOf('/data/2020.01.01/raw_alerts.csv.gz')).toEqual({
      format: 'CSVWithNames',
      compression: 'gzip',
    });
    expect(fileFormatOf('a.ndjson')).toEqual({ format: 'JSONEachRow', compression: 'none' });
    expect(fileFormatOf('C:\\data\\a.b.JSONL.ZST')).toEqual({ format: 'JSONEachRow', compression: 'zstd' });
    expect(fileFormatOf('a.parquet.zst')).toEqual({ format: 'Parquet', compression: 'zstd' });
  });

  it('refuses every other name', () => {
    for (const name of [
      '',
      'a',
      'csv',
      '.csv',
      '/data.csv/a',
      'a.json',
      'a.tsv',
      'a.csv.bz2',
      'a.gz',
      'a.csv.gz.gz',
      'a.csv ',
      'a.xcsv',
    ]) {
      const refused = (() => {
        try {
          return fileFormatOf(name);
        } catch (error) {
          return error;
        }
      })();
      expect(refused, name).toBeInstanceOf(FileError);
      expect(refused, name).toMatchObject({ code: 'FILE_FORMAT_UNKNOWN', category: 'data' });
    }
  });
});
