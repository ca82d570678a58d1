import { type PartlyFilledFile, readLabelFile, readPartlyFilledFile } from '@risk-scoring/labels';
import type { AddressLabelReading } from './address-settings.ts';

/** Which file of labels to read, and how. */
export interface LabelFileRequest {
  readonly file: string;
  /** The label of all addresses, for a file that has neither label nor risk_level. */
  readonly label?: 0 | 1 | undefined;
  /** Leaves rows without a label out, which are an error otherwise. */
  readonly skipEmpty?: boolean | undefined;
}

/**
 * Reads a label file as the labels of a strategy.
 *
 * @throws {LabelFileError} for a file that cannot be read, or its wrong rows
 */
export async function readLabelsFile(
  { file, label, skipEmpty = false }: LabelFileRequest,
  {
    positive,
    negative,
    signal,
  }: Pick<AddressLabelReading, 'positive' | 'negative'> & { readonly signal?: AbortSignal | undefined },
): Promise<PartlyFilledFile> {
  const options = { positiveRiskLevels: positive, negativeRiskLevels: negative, defaultLabel: label, signal };
  if (skipEmpty) return readPartlyFilledFile(file, options);
  return { ...(await readLabelFile(file, options)), skipped: 0 };
}
