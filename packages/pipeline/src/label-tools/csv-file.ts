import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';

/**
 * The path of a CSV file to write.
 *
 * @throws {InvalidInputError} for another ending: whoever reads label files tells their format by it
 */
export function csvFile(out: string): string {
  if (out.toLowerCase().endsWith('.csv')) return path.resolve(out);
  throw new InvalidInputError({
    what: 'The file to write',
    expected: 'a name that ends in .csv',
    found: out,
    remedy: `write ${out}.csv`,
  });
}
