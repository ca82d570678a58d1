import { S3Error } from './s3-error.ts';

/** Bytes `start` up to but not including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The range that a `Range` header asks of an object of `size` bytes; undefined when the whole object is meant, which
 * is also how S3 takes a header that is malformed or asks for several ranges.
 *
 * Source: RFC 9110, section 14.
 *
 * @throws {S3Error} `InvalidRange` when no byte of the object is in it
 *
 * @example
 * parseRange('bytes=-2', 10); // { start: 8, end: 10 }
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) {
    throw new S3Error('InvalidRange', { RangeRequested: header ?? '', ActualObjectSize: String(size) });
  }
  return { start, end };
}
