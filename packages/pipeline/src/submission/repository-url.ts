import { InvalidInputError } from '@risk-scoring/contract';

/**
 * The address of a model's source: http or https, a host and at least an owner and a name, as repositories have on GitHub, GitLab and the like.
 *
 * @returns the text as it was given
 * @throws {InvalidInputError} for anything else, also for an address that carries a password or token, which would be published
 * @example
 * checkRepositoryUrl('https://github.com/owner/model');
 */
export function checkRepositoryUrl(text: string): string {
  const url = URL.canParse(text) && !/[\s\p{Cc}]/u.test(text) ? new URL(text) : undefined;
  const isSecret = url !== undefined && (url.username !== '' || url.password !== '');
  const names = url?.pathname.split('/').filter((name) => name !== '') ?? [];
  if (url && !isSecret && /^https?:$/.test(url.protocol) && names.length >= 2) return text;
  throw new InvalidInputError({
    what: 'The URL of the model',
    expected: 'the http(s) address of a repository, such as https://github.com/owner/model',
    found: isSecret ? 'an address with a user or password in it' : text,
    remedy: 'give --github-url the address where the source of the model can be read',
  });
}

/**
 * The version that a submission names.
 *
 * @throws {InvalidInputError} for an empty one, or one with control characters
 */
export function checkModelVersion(version: string): string {
  if (version.trim() !== '' && !/\p{Cc}/u.test(version)) return version;
  throw new InvalidInputError({
    what: 'The version of the model',
    expected: 'a text that is not empty, such as 1.0.0',
    found: version,
    remedy: 'name it with --model-version',
  });
}
