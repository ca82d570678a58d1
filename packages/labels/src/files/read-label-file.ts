import { type TextColumn, throwIfCancelled } from '@risk-scoring/contract';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { NEGATIVE_LEVELS, POSITIVE_LEVELS, type RiskLevel } from '../rows/risk-levels.ts';
import { readCsv } from './csv.ts';
import { decompress } from './decompress.ts';
import { createTally, readFileBytes } from './file-bytes.ts';
import type { ExtraField } from './file-columns.ts';
import { kindOfFile } from './file-name.ts';
import { LabelRowsBuilder } from './label-rows-builder.ts';
import { readNdjson } from './ndjson.ts';
import { readParquet } from './parquet.ts';
import { Problems } from './problems.ts';
import { textBlocks } from './text-blocks.ts';

/** How {@link readLabelFile} reads. */
export interface ReadLabelFileOptions {
  /** Risk levels that are suspicious; high and critical when absent. */
  readonly positiveRiskLevels?: readonly RiskLevel[] | undefined;
  /** Risk levels that are normal; low and medium when absent. Those in neither list label nothing. */
  readonly negativeRiskLevels?: readonly RiskLevel[] | undefined;
  /** What every address is where the file has neither labels nor risk levels: such a file is refused when absent. */
  readonly defaultLabel?: 0 | 1 | undefined;
  /** More bytes than these, after decompression, are refused; 4 GB when absent. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a file says of addresses. */
export interface LabelFile {
  readonly rows: AddressLabelRows;
  /** All columns of the file, as it names them. */
  readonly columns: readonly string[];
  /** What was ignored, in a sentence each. */
  readonly warnings: readonly string[];
  /** Of the file's bytes as they are, in hexadecimal. */
  readonly sha256: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Columns that are not needed for labels, where the file has them; '' where a row has none. */
  readonly extras: Readonly<Partial<Record<ExtraField, TextColumn>>>;
  /** What the labels were read from. With both columns, `label`: they agree. */
  readonly statedBy: 'label' | 'risk_level' | 'default';
}

const MOST_BYTES = 4_000_000_000;

/**
 * Reads a file of labels: CSV, NDJSON (`.ndjson`, `.jsonl`) or Parquet by its name, each maybe `.gz` or `.zst`.
 *
 * | column | values |
 * | --- | --- |
 * | `address` | text; needed, spaces around it do not count |
 * | `label` | 1, true or suspicious; 0, false or normal; in any letter case |
 * | `risk_level` | low, medium, high or critical, in any letter case |
 * | `confidence` or `confidence_score` | 0 to 1; 1 where absent or empty: who keeps a list of their own is sure of it unless they say otherwise |
 * | `source` | text |
 * | `valid_from` | `YYYY-MM-DD`, or a Parquet date: first processing date that the row is about; any where absent or empty |
 * | `network`, `address_type`, `address_subtype`, `trust_level` | text, kept as it is |
 *
 * Of `label` and `risk_level` one is enough: a label alone is taken for the risk level high or low. Where a row has both they must agree.
 *
 * @throws {LabelFileError} when the file cannot be read, or for its first wrong rows and the number of all
 * @throws {CancelledError} soon after the signal aborts
 * @example
 * const { rows, warnings } = await readLabelFile('labels.csv.gz');
 * const list = await readLabelFile('suspicious.csv', { defaultLabel: 1 }); // a header `address`, and addresses
 */
export async function readLabelFile(file: string, options: ReadLabelFileOptions = {}): Promise<LabelFile> {
  const {
    positiveRiskLevels = POSITIVE_LEVELS,
    negativeRiskLevels = NEGATIVE_LEVELS,
    defaultLabel,
    maxBytes = MOST_BYTES,
    signal,
  } = options;
  const { format, compression } = kindOfFile(file);
  const tally = createTally();
  const bytes = decompress(readFileBytes(file, tally, signal), { file, compression, maxBytes, tally });
  const problems = new Problems(file, format === 'ndjson' ? 'line' : 'row');
  const builder = new LabelRowsBuilder(file, problems, {
    positiveRiskLevels,
    negativeRiskLevels,
    defaultLabel,
  });
  const target = { file, builder, problems };
  const read = {
    csv: () => readCsv(textBlocks(bytes, file), target),
    ndjson: () => readNdjson(textBlocks(bytes, file), target),
    parquet: () =>
      readParquet(bytes, target, { maxBytes, pause: () => throwIfCancelled(signal, `reading ${file}`) }),
  };
  const columns = await read[format]();
  return { ...builder.finish(columns), columns, sha256: tally.hash.digest('hex'), bytes: tally.bytes };
}
