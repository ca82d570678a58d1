import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip as it is written, true or not. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly bytes: Buffer;
  /** Stored where it is false. */
  readonly deflate?: boolean;
  /** Unix mode; 0o100644 by default. */
  readonly mode?: number;
  /** What the headers say, where it differs from what is there. */
  readonly declared?: {
    readonly uncompressed?: number;
    readonly flags?: number;
    readonly method?: number;
    readonly localName?: string;
    readonly dosAttributes?: number;
    readonly extra?: Buffer;
  };
}

/**
 * A zip, byte by byte after PKWARE's APPNOTE 4.3: local headers and data, the central directory, its end. It checks nothing, so that
 * archives can be made that no library would write.
 *
 * @param entryCount what the end says, where it differs
 */
export function rawZip(entries: readonly RawEntry[], { entryCount = entries.length } = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, deflate = true, mode = 0o100644, declared = {} } of entries) {
    const data = deflate ? deflateRawSync(bytes) : bytes;
    const central = Buffer.from(name);
    const local = Buffer.from(declared.localName ?? name);
    const extra = declared.extra ?? Buffer.alloc(0);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(declared.flags ?? 0, 2);
    shared.writeUInt16LE(declared.method ?? (deflate ? 8 : 0), 4);
    shared.writeUInt16LE(0x21, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(declared.uncompressed ?? bytes.length, 18);
    shared.writeUInt16LE(local.length, 22);
    const localPart = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, local, data]);
    shared.writeUInt16LE(central.length, 22);
    shared.writeUInt16LE(extra.length, 24);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((mode << 16) | (declared.dosAttributes ?? 0)) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    // Made by 3: Unix, whose modes follow.
    centrals.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003', 'latin1'), shared, rest, central, extra]),
    );
    locals.push(localPart);
    offset += localPart.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(entryCount & 0xffff, 8);
  end.writeUInt16LE(entryCount & 0xffff, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
