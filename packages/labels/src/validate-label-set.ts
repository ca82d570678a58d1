import { InvalidLabelSetError, type LabelSet } from '@risk-scoring/contract';

/**
 * Checks what every label set must keep: arrays of one length, labels of -1, 0 or 1, finite weights of at least 0, a
 * weight of 0 and no source for each unlabelled row, a source for each other.
 *
 * @param strategy the strategy's name, for the message
 * @throws {InvalidLabelSetError} naming the first row that does not
 * @example
 * validateLabelSet('mine', { labels, weights, sources });
 */
export function validateLabelSet(strategy: string, { labels, weights, sources }: LabelSet): void {
  const fail = (expected: string, found: string) => new InvalidLabelSetError({ strategy, expected, found });
  if (weights.length !== labels.length || sources.codes.length !== labels.length) {
    throw fail(
      'one label, one weight and one source per alert',
      `${labels.length} labels, ${weights.length} weights and ${sources.codes.length} sources`,
    );
  }
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? Number.NaN;
    const weight = weights[row] ?? Number.NaN;
    const source = sources.codes[row] ?? Number.NaN;
    if (label !== 1 && label !== 0 && label !== -1)
      throw fail('labels of 1, 0 or -1', `${label} in row ${row}`);
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw fail('finite weights of at least 0', `${weight} in row ${row}`);
    }
    if (label === -1 && weight !== 0)
      throw fail('a weight of 0 for each unlabelled row', `${weight} in row ${row}`);
    if (label === -1 ? source !== -1 : !(source >= 0 && source < sources.names.length)) {
      throw fail(
        'a source for each labelled row, and -1 for each other',
        `label ${label} with source ${source} of ${sources.names.length} in row ${row}`,
      );
    }
  }
}
