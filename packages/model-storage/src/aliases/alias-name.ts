import { InvalidInputError } from '@risk-scoring/contract';

const aliasPattern = /^[a-z0-9][a-z0-9._-]{0,39}$/;
const modelIdPattern = /^(?:alert_scorer|alert_ranker|cluster_scorer)_.*_\d{8}_\d{6}$/;

/**
 * Checks the name of an alias. Wherever a model is asked for by name, the name may also be a model id, the path of a
 * metadata file or `latest`, so an alias must be none of them.
 *
 * @returns the name
 * @throws {InvalidInputError} for a name that is not 1 to 40 of a-z, 0-9, `.`, `_` and `-` with a letter or digit first, is
 *   `latest`, ends in `.json` or has the form of a model id
 * @example
 * validateAliasName('champion'); // 'champion'
 */
export function validateAliasName(alias: string): string {
  if (
    aliasPattern.test(alias) &&
    alias !== 'latest' &&
    !alias.endsWith('.json') &&
    !modelIdPattern.test(alias)
  ) {
    return alias;
  }
  throw new InvalidInputError({
    what: 'The alias',
    expected:
      "1 to 40 characters of a-z, 0-9, '.', '_' and '-', a letter or digit first; not 'latest', no name that ends in .json, no model id",
    found: alias,
    remedy: 'choose another name, for example champion or challenger',
  });
}
