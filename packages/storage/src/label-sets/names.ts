import { InvalidInputError } from '@risk-scoring/contract';

/** Which version of which data set. */
export interface LabelSetName {
  readonly dataSet: string;
  readonly version: string;
}

const pattern = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * Checks the names under which a set is to be stored. Version and data set are recorded as `name@version`.
 *
 * @throws {InvalidInputError} for a name that is not 1 to 100 of A-Z a-z 0-9 . _ -
 */
export function assertNames({ dataSet, version }: LabelSetName): void {
  for (const [what, name] of [
    ['The name of the data set', dataSet],
    ['The version of the data set', version],
  ] as const) {
    if (pattern.test(name)) continue;
    throw new InvalidInputError({
      what,
      expected: '1 to 100 characters of A-Z a-z 0-9 . _ -',
      found: name,
      remedy: 'choose a name of these, such as my-labels and 1.0.0',
    });
  }
}

/** What `ingestions` records of a set. */
export function scopeOf({ dataSet, version }: LabelSetName): string {
  return `${dataSet}@${version}`;
}
