import { RiskScoringError } from '@risk-scoring/contract';
import { type Database, mayHaveRun } from '../database.ts';
import { DatabaseError, SnapshotError } from '../errors.ts';
import type { ColumnPlan } from './column-check.ts';
import { assertMd5 } from './local-source.ts';
import { type BrokenRule, describePlace, locateBroken, locateConversion } from './locate.ts';
import { ROW_AT_FAULT, type RowRule } from './row-checks.ts';
import type { Source, SourceReading } from './source.ts';

/** Why an insert failed. A file that is not what was promised, or cannot be read to its end, explains it better than the engine's words do. */
export async function explainInsert(
  database: Database,
  source: Source,
  options: {
    readonly plan: ColumnPlan;
    readonly rules: readonly RowRule[];
    readonly reading: SourceReading;
    readonly error: unknown;
    readonly signal: AbortSignal | undefined;
  },
): Promise<unknown> {
  const { plan, rules, reading, error, signal } = options;
  reading.abandon();
  if (!(error instanceof DatabaseError) || mayHaveRun(error)) return error;
  try {
    assertMd5(source, await source.fingerprint(signal));
  } catch (fault) {
    if (RiskScoringError.isInstance(fault)) return fault;
  }
  if (!isAboutValues(error)) return error;
  if (error.message.includes(ROW_AT_FAULT)) {
    return brokenRule(source, await locateBroken(database, source, { plan, rules }), error);
  }
  const place = await locateConversion(database, source, plan);
  if (place === undefined && isAboutFile(error)) {
    return new SnapshotError({
      code: 'SNAPSHOT_FILE_UNREADABLE',
      summary: `${source.label} cannot be read as ${source.format}.`,
      expected: `a whole ${source.format} file`,
      found: error.found ?? error.message,
      remedy: 'fetch the file again',
      cause: error,
    });
  }
  const type = plan.columns.find((column) => column.name === place?.column)?.type;
  return new SnapshotError({
    code: 'SNAPSHOT_COLUMN_TYPE',
    summary: `${source.label} holds values that ${source.table.name} cannot take.`,
    expected:
      type === undefined ? `values within the types of ${source.table.name}` : `${place?.column} ${type}`,
    found: place ? describePlace(place) : (error.found ?? error.message),
    remedy: 'fetch the file again, or mend the values',
    cause: error,
  });
}

/** The error for rows that break a rule. */
export function brokenRule(source: Source, found: BrokenRule | undefined, cause?: unknown): SnapshotError {
  if (found === undefined) {
    return new SnapshotError({
      code: 'SNAPSHOT_BAD_VALUES',
      summary: `${source.label} holds rows that cannot be right.`,
      expected: 'one snapshot, finite numbers, and texts in UTF-8 of sane length without NUL characters',
      found: 'a row that breaks one of these',
      remedy: 'fetch the file again, or mend the values',
      cause,
    });
  }
  const { rule, count, place } = found;
  return new SnapshotError({
    code: rule.code,
    summary: `${source.label} holds rows that cannot be right: ${rule.columns.join(', ')} ${rule.fault}.`,
    expected: rule.expected,
    found: `${count} such ${rule.broken === undefined ? 'repetition' : 'row'}${count === 1 ? '' : 's'}${place ? `, the first being ${describePlace(place)}` : ''}`,
    remedy: 'fetch the file again, or mend the values',
    cause,
  });
}

const notAboutValues =
  /^(?:MEMORY_LIMIT_EXCEEDED|NOT_ENOUGH_SPACE|TIMEOUT_EXCEEDED|QUERY_WAS_CANCELLED|READONLY|SYNTAX_ERROR|TABLE_IS_READ_ONLY|TOO_MANY_PARTS|S3_ERROR|CANNOT_WRITE_TO_FILE_DESCRIPTOR)$/;
const aboutFile =
  /^(?:INCORRECT_DATA|CANNOT_READ_ALL_DATA|CANNOT_EXTRACT_TABLE_STRUCTURE|UNKNOWN_EXCEPTION|STD_EXCEPTION|CANNOT_PARSE_\w+|ZSTD_DECODER_FAILED|ZLIB_INFLATE_FAILED|CANNOT_DECOMPRESS|ATTEMPT_TO_READ_AFTER_EOF|UNEXPECTED_END_OF_FILE|CHECKSUM_DOESNT_MATCH|LOGICAL_ERROR)$/;

function engineType(error: DatabaseError): string {
  return (error.cause as { type?: string } | undefined)?.type ?? '';
}

function isAboutValues(error: DatabaseError): boolean {
  return !notAboutValues.test(engineType(error));
}

function isAboutFile(error: DatabaseError): boolean {
  return aboutFile.test(engineType(error));
}
