import { InvalidInputError } from '@risk-scoring/contract';

const networkPattern = /^[a-z0-9_]{1,63}$/;
const prefix = 'risk_scoring_';

/**
 * The database of a network.
 *
 * @throws {InvalidInputError} for a name that is not 1 to 63 of a–z, 0–9 and _
 * @example
 * databaseName('ethereum'); // 'risk_scoring_ethereum'
 */
export function databaseName(network: string): string {
  if (!networkPattern.test(network)) {
    throw new InvalidInputError({
      what: 'The network',
      expected: '1 to 63 characters of a-z, 0-9 and _',
      found: network,
      remedy: 'write it as in the snapshots, for example --network ethereum',
    });
  }
  return `${prefix}${network}`;
}

/** The network a database serves, or undefined where the database is not one of ours. */
export function networkOfDatabase(database: string): string | undefined {
  return database.startsWith(prefix) ? database.slice(prefix.length) : undefined;
}
