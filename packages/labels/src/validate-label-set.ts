import { InvalidLabelSetError, LABEL_KINDS, type LabelSet } from '@risk-scoring/contract';

/**
 * Checks what every label set must keep: arrays of one length, labels of -1, 0 or 1, finite weights and counter-weights of at least 0, a
 * weight of 0 and no source for each unlabelled row, a source for each other, a known kind for each source, relevance from 0 to 30.
 *
 * @param strategy the strategy's name, for the message
 * @throws {InvalidLabelSetError} naming the first row that does not
 * @example
 * validateLabelSet('mine', { labels, weights, sources });
 */
export function validateLabelSet(strategy: string, labelSet: LabelSet): void {
  const { labels, weights, counterWeights, sources } = labelSet;
  const fail = (expected: string, found: string) => new InvalidLabelSetError({ strategy, expected, found });
  const lengths = [labels, weights, sources.codes, ...(counterWeights ? [counterWeights] : [])];
  if (lengths.some(({ length }) => length !== labels.length)) {
    throw fail(
      'one label, one weight and one source per alert',
      `${labels.length} labels, ${weights.length} weights${counterWeights ? `, ${counterWeights.length} counter-weights` : ''} and ${sources.codes.length} sources`,
    );
  }
  checkKinds(labelSet, fail);
  checkRelevance(labelSet, fail);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? Number.NaN;
    const source = sources.codes[row] ?? Number.NaN;
    if (label !== 1 && label !== 0 && label !== -1)
      throw fail('labels of 1, 0 or -1', `${label} in row ${row}`);
    for (const list of counterWeights ? [weights, counterWeights] : [weights]) {
      const weight = list[row] ?? Number.NaN;
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
        throw fail('finite weights of at least 0', `${weight} in row ${row}`);
      if (label === -1 && weight !== 0)
        throw fail('a weight of 0 for each unlabelled row', `${weight} in row ${row}`);
    }
    if (
      label === -1
        ? source !== -1
        : !(Number.isInteger(source) && source >= 0 && source < sources.names.length)
    ) {
      throw fail(
        'a source for each labelled row, and -1 for each other',
        `label ${label} with source ${source} of ${sources.names.length} in row ${row}`,
      );
    }
  }
}

function checkKinds(
  { sources: { names, kinds } }: LabelSet,
  fail: (expected: string, found: string) => InvalidLabelSetError,
): void {
  if (kinds === undefined) return;
  if (kinds.length !== names.length)
    throw fail('a kind for each source', `${kinds.length} kinds of ${names.length} sources`);
  const unknown = kinds.find((kind) => !LABEL_KINDS.includes(kind));
  if (unknown !== undefined) throw fail(`kinds of ${LABEL_KINDS.join(', ')}`, `'${unknown}'`);
}

/** LightGBM's lambdarank has gains for grades up to 30. */
const MOST_RELEVANCE = 30;

function checkRelevance(
  { labels, relevance }: LabelSet,
  fail: (expected: string, found: string) => InvalidLabelSetError,
): void {
  if (relevance === undefined) return;
  if (relevance.length !== labels.length)
    throw fail('relevance for each alert', `${relevance.length} of ${labels.length}`);
  const wrong = relevance.findIndex((grade) => grade > MOST_RELEVANCE);
  if (wrong >= 0) throw fail(`relevance from 0 to ${MOST_RELEVANCE}`, `${relevance[wrong]} in row ${wrong}`);
}
