import { InvalidInputError } from '@risk-scoring/contract';

/** Which data set, and which version of it where that is said. */
export interface NamedLabelSet {
  readonly dataSet: string;
  readonly version?: string;
}

const pattern = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * A data set from text: `NAME` or `NAME@VERSION`.
 *
 * @throws {InvalidInputError} for names that no data set can have
 * @example
 * parseLabelSetName('my-labels@1.0.0'); // { dataSet: 'my-labels', version: '1.0.0' }
 */
export function parseLabelSetName(text: string): NamedLabelSet {
  const at = text.lastIndexOf('@');
  const dataSet = at < 0 ? text : text.slice(0, at);
  const version = at < 0 ? undefined : text.slice(at + 1);
  for (const name of version === undefined ? [dataSet] : [dataSet, version]) {
    if (pattern.test(name)) continue;
    throw new InvalidInputError({
      what: 'The name of the data set',
      expected: 'NAME or NAME@VERSION, each of 1 to 100 characters of A-Z a-z 0-9 . _ -',
      found: text,
      remedy: 'see risk-scoring labels list',
    });
  }
  return version === undefined ? { dataSet } : { dataSet, version };
}
