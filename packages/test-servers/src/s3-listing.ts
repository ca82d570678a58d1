import { S3Error, xmlDocument, xmlElement } from './s3-error.ts';
import { compareKeys, type S3Folder, type S3Object } from './s3-objects.ts';
import { uriEncode } from './s3-uri.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MOST_KEYS = 1000;

/** One line of a listing: an object, or all keys that share their beginning up to the delimiter. */
type Entry = { readonly key: string } | { readonly commonPrefix: string };

/**
 * The answer to ListObjectsV2: `prefix`, `delimiter`, `max-keys` (at most 1000), `start-after`, `continuation-token`
 * and `encoding-type=url`. A common prefix counts as one key, as in S3.
 *
 * @throws {S3Error} `NoSuchBucket`, `InvalidArgument`
 *
 * @example
 * await listObjects(folder, 'bucket', new Map([['prefix', '2024/'], ['delimiter', '/']]));
 */
export async function listObjects(
  folder: S3Folder,
  bucket: string,
  query: ReadonlyMap<string, string>,
): Promise<string> {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const encode = encoder(query.get('encoding-type'));

  const lastShown = token === undefined ? '' : decodeToken(token);
  const keys = (await folder.keys(bucket, prefix)).filter((key) => compareKeys(key, startAfter ?? '') > 0);
  const entries = group(keys, { prefix, delimiter, lastShown });
  const page = entries.slice(0, maxKeys);
  const last = page.at(-1);
  const next = last !== undefined && entries.length > page.length ? encodeToken(nameOf(last)) : undefined;

  const contents = await Promise.all(
    page.map((entry) =>
      'key' in entry ? folder.object(bucket, entry.key) : Promise.resolve(entry.commonPrefix),
    ),
  );
  return xmlDocument(
    'ListBucketResult',
    [
      xmlElement('Name', bucket),
      xmlElement('Prefix', encode(prefix)),
      optional('Delimiter', query.get('delimiter'), encode),
      optional('StartAfter', startAfter, encode),
      optional('ContinuationToken', token),
      optional('NextContinuationToken', next),
      optional('EncodingType', query.get('encoding-type')),
      xmlElement('KeyCount', page.length),
      xmlElement('MaxKeys', maxKeys),
      xmlElement('IsTruncated', next !== undefined),
      ...contents.map((found) =>
        typeof found === 'string'
          ? `<CommonPrefixes>${xmlElement('Prefix', encode(found))}</CommonPrefixes>`
          : objectElement(found, encode),
      ),
    ].join(''),
    NAMESPACE,
  );
}

/** The lines after the last one shown, in order. A common prefix stands for all its keys, also when it was the last. */
function group(
  keys: readonly string[],
  { prefix, delimiter, lastShown }: { prefix: string; delimiter: string; lastShown: string },
): Entry[] {
  const entries: Entry[] = [];
  let common: string | undefined;
  for (const key of keys) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    if (name === common || compareKeys(name, lastShown) <= 0) continue;
    if (end >= 0) common = name;
    entries.push(end < 0 ? { key } : { commonPrefix: name });
  }
  return entries;
}

function nameOf(entry: Entry): string {
  return 'key' in entry ? entry.key : entry.commonPrefix;
}

function objectElement({ key, modified, etag, size }: S3Object, encode: (text: string) => string): string {
  const elements = [
    xmlElement('Key', encode(key)),
    xmlElement('LastModified', modified.toISOString()),
    xmlElement('ETag', etag),
    xmlElement('Size', size),
    xmlElement('StorageClass', 'STANDARD'),
  ];
  return `<Contents>${elements.join('')}</Contents>`;
}

function optional(name: string, text: string | undefined, encode = (plain: string) => plain): string {
  return text === undefined ? '' : xmlElement(name, encode(text));
}

function parseMaxKeys(text: string | undefined): number {
  if (text === undefined) return MOST_KEYS;
  if (!/^\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument', { ArgumentName: 'max-keys' });
  return Math.min(Number(text), MOST_KEYS);
}

function encoder(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== 'url') throw new S3Error('InvalidArgument', { ArgumentName: 'encoding-type' });
  return (text) => uriEncode(text).replaceAll('%2F', '/');
}

function encodeToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function decodeToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (token === '' || encodeToken(name) !== token) {
    throw new S3Error('InvalidArgument', { ArgumentName: 'continuation-token' });
  }
  return name;
}
