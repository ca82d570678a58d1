import path from 'node:path';
import { LabelFileError } from '../errors.ts';

/** What the name of a label file says of its bytes. */
export interface LabelFileKind {
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** How the whole file is compressed besides; Parquet has compressions of its own within. */
  readonly compression: 'none' | 'gzip' | 'zstd';
}

const FORMATS: Readonly<Record<string, LabelFileKind['format']>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
};

const COMPRESSIONS: Readonly<Record<string, LabelFileKind['compression']>> = {
  '.gz': 'gzip',
  '.zst': 'zstd',
};

/**
 * Format and compression by the ending of a name, whatever its letter case.
 *
 * @throws {LabelFileError} for other endings
 * @example
 * kindOfFile('labels.csv.gz'); // { format: 'csv', compression: 'gzip' }
 */
export function kindOfFile(file: string): LabelFileKind {
  const name = path.basename(file).toLowerCase();
  const compression = COMPRESSIONS[path.extname(name)] ?? 'none';
  const inner = compression === 'none' ? name : name.slice(0, -path.extname(name).length);
  const format = FORMATS[path.extname(inner)];
  if (format !== undefined) return { format, compression };
  throw new LabelFileError({
    file,
    category: 'input',
    expected: `a name that ends in ${Object.keys(FORMATS).join(', ')}, and may go on with ${Object.keys(COMPRESSIONS).join(' or ')}`,
    found: `the name ${path.basename(file)}`,
    remedy: 'rename the file by what is in it',
  });
}
