import type { Database } from '../../database.ts';
import type { IngestTable } from '../../tables.ts';
import { fileFormatOf } from '../files/index.ts';
import type { IngestLimits } from '../limits.ts';
import type { Source } from '../source.ts';
import { s3Location } from './s3-location.ts';
import { s3Source } from './s3-source.ts';

/** A single object on S3, as a source. */
export async function openS3File(
  database: Database,
  {
    from,
    table,
    limits,
  }: { readonly from: string; readonly table: IngestTable; readonly limits: IngestLimits },
): Promise<Source> {
  const location = s3Location(from);
  return s3Source(database, { location, table, ...fileFormatOf(from), maxPlainBytes: limits.maxPlainBytes });
}
