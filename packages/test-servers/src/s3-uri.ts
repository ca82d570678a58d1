import { S3Error } from './s3-error.ts';

/**
 * A request target as `[path, query]`, both still encoded.
 *
 * @example
 * splitTarget('/bucket?prefix=a'); // ['/bucket', 'prefix=a']
 */
export function splitTarget(target: string): readonly [string, string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/**
 * The decoded name and value pairs of a query, in its order; a name without `=` has the value ''.
 *
 * @throws {S3Error} `InvalidURI` when it is not percent-encoded UTF-8
 *
 * @example
 * parseQuery('prefix=a%2Fb&delete'); // [['prefix', 'a/b'], ['delete', '']]
 */
export function parseQuery(query: string): readonly (readonly [string, string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const mark = pair.indexOf('=');
      const [name, value] = mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
      return [decodePercent(name.replaceAll('+', ' ')), decodePercent(value.replaceAll('+', ' '))] as const;
    });
}

/**
 * Percent-encoded UTF-8 as text.
 *
 * @throws {S3Error} `InvalidURI` when it is not that
 */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', { URI: text });
  }
}

/**
 * AWS's UriEncode: every byte of the UTF-8 but the unreserved characters of RFC 3986 as `%XY`.
 *
 * @example
 * uriEncode("it's a+b/c"); // 'it%27s%20a%2Bb%2Fc'
 */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
