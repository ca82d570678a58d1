import { createHash } from 'node:crypto';
import { createReadStream, type Dirent, realpathSync, type Stats, statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { S3Error } from './s3-error.ts';

/** One object: a regular file under its bucket's folder. */
export interface S3Object {
  readonly key: string;
  readonly file: string;
  readonly size: number;
  readonly modified: Date;
  /** As S3 sends it, with its quotes. */
  readonly etag: string;
}

/**
 * A folder seen as buckets: each sub-folder is a bucket, each regular file below it an object whose key is its path.
 * Symbolic links are neither listed nor followed, so nothing outside the folder can be reached.
 */
export class S3Folder {
  readonly #root: string;
  readonly #multipartEtags: RegExp | undefined;
  /** MD5 by path, kept while size and time of the file stay. */
  readonly #digests = new Map<string, { readonly version: string; readonly md5: string }>();

  constructor(folder: string, multipartEtags: RegExp | undefined) {
    this.#root = realpathSync(folder);
    if (!statSync(this.#root).isDirectory()) throw new Error(`${folder} is not a folder.`);
    this.#multipartEtags = multipartEtags;
  }

  /** @throws {S3Error} `NoSuchBucket` */
  async checkBucket(bucket: string): Promise<void> {
    if (bucket.includes('/') || !(await this.#find(bucket))?.stats.isDirectory()) {
      throw new S3Error('NoSuchBucket', { BucketName: bucket });
    }
  }

  /** @throws {S3Error} `NoSuchBucket`, `NoSuchKey` */
  async object(bucket: string, key: string): Promise<S3Object> {
    await this.checkBucket(bucket);
    const found = await this.#find(`${bucket}/${key}`);
    if (!found?.stats.isFile()) throw new S3Error('NoSuchKey', { Key: key });
    const { file, stats } = found;
    return { key, file, size: stats.size, modified: stats.mtime, etag: await this.#etag(key, file, stats) };
  }

  /**
   * The keys of a bucket that begin with `prefix`, in S3's order: that of their UTF-8 bytes.
   *
   * @throws {S3Error} `NoSuchBucket`
   */
  async keys(bucket: string, prefix: string): Promise<string[]> {
    await this.checkBucket(bucket);
    const keys = await this.#walk(path.join(this.#root, bucket), '', prefix);
    return keys.sort(compareKeys);
  }

  async #walk(folder: string, above: string, prefix: string): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true });
    const inside = entries.map(async (entry: Dirent) => {
      const key = above + entry.name;
      if (entry.isFile()) return key.startsWith(prefix) ? [key] : [];
      const below = `${key}/`;
      if (!entry.isDirectory() || !(below.startsWith(prefix) || prefix.startsWith(below))) return [];
      return this.#walk(path.join(folder, entry.name), below, prefix);
    });
    return (await Promise.all(inside)).flat();
  }

  /** The file or folder at exactly this place: a path that a link, `..`, `.` or an empty part would change is no place. */
  async #find(place: string): Promise<{ readonly file: string; readonly stats: Stats } | undefined> {
    const file = this.#root + path.sep + place.split('/').join(path.sep);
    try {
      return (await realpath(file)) === file ? { file, stats: await stat(file) } : undefined;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      // A NUL in the name, a name that is too long, a file where a folder should be: no object has such a key.
      if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'].includes(code))
        return undefined;
      throw error;
    }
  }

  async #etag(key: string, file: string, stats: Stats): Promise<string> {
    const version = `${stats.size} ${stats.mtimeMs}`;
    let known = this.#digests.get(file);
    if (known?.version !== version) {
      const hash = createHash('md5');
      await pipeline(createReadStream(file), hash);
      known = { version, md5: hash.digest('hex') };
      this.#digests.set(file, known);
    }
    // Not test(): a pattern with the g flag would remember where it stopped.
    const multipart = this.#multipartEtags !== undefined && key.search(this.#multipartEtags) >= 0;
    return `"${known.md5}${multipart ? '-2' : ''}"`;
  }
}

/** The order of two keys by their UTF-8 bytes, which differs from JavaScript's beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
