/**
 * The scheme of an address in lower case; undefined for a path.
 *
 * @example
 * schemeOf('S3://sot/ethereum'); // 's3'
 */
export function schemeOf(place: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(place)?.[1]?.toLowerCase();
}
