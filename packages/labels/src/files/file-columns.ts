import { editDistance, nearestNames } from '@risk-scoring/contract';
import { LabelFileError } from '../errors.ts';

/** What a label file may say of an address, by the names that the rest of the code uses. */
export const FIELDS = [
  'address',
  'label',
  'risk_level',
  'confidence',
  'source',
  'valid_from',
  'network',
  'address_type',
  'address_subtype',
  'trust_level',
] as const;

/** One of {@link FIELDS}. */
export type Field = (typeof FIELDS)[number];

/** Columns that are kept as they are. */
export const EXTRA_FIELDS = ['network', 'address_type', 'address_subtype', 'trust_level'] as const;

/** One of {@link EXTRA_FIELDS}. */
export type ExtraField = (typeof EXTRA_FIELDS)[number];

const FIELD_OF_COLUMN = new Map<string, number>(
  [...FIELDS, 'confidence_score'].map((name) => [
    name,
    (FIELDS as readonly string[]).indexOf(name === 'confidence_score' ? 'confidence' : name),
  ]),
);

/** The place in {@link FIELDS} of a column of a file, -1 for one that means nothing here. */
export function fieldOfColumn(name: string): number {
  return FIELD_OF_COLUMN.get(name) ?? -1;
}

/** A slip of the pen, not another word. */
const MOST_SLIPS = 2;

/**
 * Checks the columns of a file.
 *
 * @param names as the file has them
 * @returns a warning for each column that is ignored
 * @throws {LabelFileError} when the address is missing, a column stands twice or a name looks misspelt
 */
export function checkColumns(file: string, names: readonly string[]): string[] {
  const known = [...FIELD_OF_COLUMN.keys()];
  const fail = (found: string, remedy: string) =>
    new LabelFileError({
      file,
      expected: `the column address and any of ${known.slice(1).join(', ')}, each once`,
      found,
      remedy,
    });
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) throw fail(`the column '${repeated}' twice`, 'remove or rename one of them');
  if (names.includes('confidence') && names.includes('confidence_score'))
    throw fail('the columns confidence and confidence_score, which mean the same', 'remove one of them');

  const absent = known.filter((name) => !names.some((other) => fieldOfColumn(other) === fieldOfColumn(name)));
  const unknown = names.filter((name) => fieldOfColumn(name) < 0);
  const misspelt = unknown.flatMap((name) => {
    const meant = absent.find((other) => isSlip(name, other));
    return meant === undefined ? [] : [{ name, meant }];
  });
  if (misspelt.length > 0) {
    throw fail(
      misspelt.map(({ name, meant }) => `'${name}', which looks like ${meant}`).join(' and '),
      'write the names as they are listed, or remove these columns',
    );
  }
  if (!names.includes('address')) {
    const [only] = names;
    const separator = names.length === 1 && only !== undefined ? /[;\t|]/.exec(only)?.[0] : undefined;
    throw separator === undefined
      ? fail(
          `the columns ${names.map((name) => `'${name}'`).join(', ')}`,
          'name the column of addresses address',
        )
      : fail(`one column '${only}'`, `separate columns by commas, not by ${JSON.stringify(separator)}`);
  }
  return unknown.map((name) => {
    const [near] = nearestNames(name, known, 1);
    return `the column '${name}' is ignored${near === undefined ? '' : `; did you mean ${near}?`}`;
  });
}

function isSlip(name: string, known: string): boolean {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return bare(name) === bare(known) || editDistance(name.toLowerCase(), known) <= MOST_SLIPS;
}
