import { InvalidInputError } from '@risk-scoring/contract';

/** What a network may be called. */
export const networkPattern = /^[a-z0-9_]{1,63}$/;
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

/**
 * The name of a database as a user gave it.
 *
 * @throws {InvalidInputError} for a name that is not 1 to 128 of letters, digits and _
 */
export function validateDatabaseName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) && !/^(?:system|information_schema)$/i.test(name))
    return name;
  throw new InvalidInputError({
    what: 'CLICKHOUSE_DATABASE',
    expected: '1 to 128 letters, digits and _, and no database of the server itself',
    found: name,
    remedy: 'name another, or unset it to use risk_scoring_{network}',
  });
}

/** The network that a database is named after, or undefined where it is not named as ours are. */
export function networkOfDatabase(database: string): string | undefined {
  return database.startsWith(prefix) ? database.slice(prefix.length) : undefined;
}
