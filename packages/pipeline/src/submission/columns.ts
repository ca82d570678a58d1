import { DateDay, Field, Float64, Schema, Uint16, Utf8 } from 'apache-arrow';

/** The columns of a submission, in their order: one row per alert of a snapshot. */
export const SUBMISSION_COLUMNS = [
  'alert_id',
  'address',
  'score',
  'processing_date',
  'window_days',
  'model_version',
  'model_github_url',
] as const;

/** The columns as Parquet has them; none is nullable. */
export function submissionSchema(): Schema {
  const types = [
    new Utf8(),
    new Utf8(),
    new Float64(),
    new DateDay(),
    new Uint16(),
    new Utf8(),
    new Utf8(),
  ] as const;
  return new Schema(
    SUBMISSION_COLUMNS.map((name, place) => new Field(name, types[place] ?? new Utf8(), false)),
  );
}
