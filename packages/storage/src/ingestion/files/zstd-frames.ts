import { Decompress } from 'fzstd';
import { Xxh64 } from './xxh64.ts';

// The frame format is RFC 8878, section 3.1.1.
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_BLOCK = 128 * 1024;
/** What the zstd program itself takes without being asked: 2^27. */
const MAX_WINDOW = 128 * 1024 * 1024;
const COMPRESSED_BLOCK = 2;
const RLE_BLOCK = 1;

/** The bytes are no zstd, or not those that were written. */
export class ZstdFormatError extends Error {}

interface Frame {
  readonly decoder: Decompress;
  readonly contentSize: number | undefined;
  readonly hash: Xxh64 | undefined;
  done: number;
}

type Step = 'magic' | 'skip' | 'header' | 'block' | 'checksum';

/**
 * Decompresses zstd that comes in pieces, one block (128 KiB of content at most) at a time, so that a file of any
 * size takes the memory of its window. The decoder of fzstd does the decompression; what it leaves out is done here:
 * frame borders, an end that is missing, the window limit, the content size and the checksum.
 *
 * @example
 * const frames = new ZstdFrames();
 * for await (const chunk of source) for (const plain of frames.push(chunk)) sink.write(plain);
 * if (!frames.complete) throw new Error('cut off');
 */
export class ZstdFrames {
  #input: Uint8Array = new Uint8Array(0);
  #step: Step = 'magic';
  #skip = 0;
  #frame: Frame | undefined;
  #output: Uint8Array[] = [];
  #frames = 0;
  readonly #announce: (contentSize: number) => void;

  /** @param announce hears the content size of each frame that states it, before the frame is decompressed */
  constructor(announce: (contentSize: number) => void = () => {}) {
    this.#announce = announce;
  }

  /**
   * What these bytes complete.
   *
   * @throws {ZstdFormatError} when they cannot be zstd or were damaged
   */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    while (this.#advance()) {
      const output = this.#output;
      this.#output = [];
      yield* output;
    }
  }

  /** Whether everything so far is whole: at least one frame, and none begun and not ended. */
  get complete(): boolean {
    return this.#step === 'magic' && this.#input.length === 0 && this.#frames > 0;
  }

  /** One step, if the bytes for it are there. */
  #advance(): boolean {
    switch (this.#step) {
      case 'magic':
        return this.#readMagic();
      case 'skip':
        return this.#readSkipped();
      case 'header':
        return this.#readHeader();
      case 'block':
        return this.#readBlock();
      case 'checksum':
        return this.#readChecksum();
    }
  }

  #readMagic(): boolean {
    if (this.#input.length < 4) return false;
    const magic = uint32(this.#input, 0);
    if (magic === MAGIC) {
      this.#step = 'header';
      return true;
    }
    // RFC 8878, section 3.1.2: sixteen magic numbers, then a length.
    if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC) {
      throw new ZstdFormatError(`bytes ${hex(this.#input.subarray(0, 4))} where a zstd frame should begin`);
    }
    if (this.#input.length < 8) return false;
    this.#skip = uint32(this.#input, 4);
    this.#take(8);
    this.#step = 'skip';
    return true;
  }

  #readSkipped(): boolean {
    this.#skip -= this.#take(Math.min(this.#skip, this.#input.length)).length;
    if (this.#skip > 0) return false;
    this.#frames += 1;
    this.#step = 'magic';
    return true;
  }

  #readHeader(): boolean {
    if (this.#input.length < 5) return false;
    const descriptor = this.#input[4] as number;
    const singleSegment = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
    const sizeBytes = sizeFlag === 0 ? Number(singleSegment) : 1 << sizeFlag;
    const sizeAt = 5 + Number(!singleSegment) + dictionaryBytes;
    const length = sizeAt + sizeBytes;
    if (this.#input.length < length) return false;
    // A copy, because it is changed below and the bytes are not ours.
    const header = Uint8Array.from(this.#take(length));

    if ((descriptor & 8) !== 0) throw new ZstdFormatError('a frame header with a reserved bit');
    if (header.subarray(sizeAt - dictionaryBytes, sizeAt).some((byte) => byte !== 0)) {
      throw new ZstdFormatError('a frame that was compressed with a dictionary');
    }
    const contentSize = sizeBytes === 0 ? undefined : readSize(header.subarray(sizeAt));
    const window = singleSegment ? (contentSize ?? 0) : windowSize(header[5] as number);
    if (window > MAX_WINDOW) {
      throw new ZstdFormatError(
        `a window of ${window} bytes, which is more than ${MAX_WINDOW} (zstd --long=27 is the most)`,
      );
    }
    if (contentSize !== undefined) this.#announce(contentSize);
    const hash = (descriptor & 4) !== 0 ? new Xxh64() : undefined;
    const decoder = new Decompress((block) => {
      if (block.length > 0) this.#output.push(block);
    });
    // The checksum is read here, so the decoder is told that there is none.
    header[4] = descriptor & ~4;
    decode(decoder, header, false);
    this.#frame = { decoder, contentSize, hash, done: 0 };
    this.#step = 'block';
    return true;
  }

  #readBlock(): boolean {
    const frame = this.#frame;
    if (frame === undefined || this.#input.length < 3) return false;
    const header =
      (this.#input[0] as number) | ((this.#input[1] as number) << 8) | ((this.#input[2] as number) << 16);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type > COMPRESSED_BLOCK || size > MAX_BLOCK)
      throw new ZstdFormatError('a block header that makes no sense');
    const length = 3 + (type === RLE_BLOCK ? 1 : size);
    if (this.#input.length < length) return false;

    const isLast = (header & 1) !== 0;
    decode(frame.decoder, this.#take(length), isLast);
    for (const block of this.#output) {
      if (block.length > MAX_BLOCK) throw new ZstdFormatError('a block that is larger than a block may be');
      frame.hash?.update(block);
      frame.done += block.length;
    }
    const { contentSize = frame.done } = frame;
    if (frame.done > contentSize || (isLast && frame.done < contentSize)) {
      throw new ZstdFormatError(`${frame.done} bytes of content in a frame that announces ${contentSize}`);
    }
    if (isLast) this.#step = 'checksum';
    return true;
  }

  #readChecksum(): boolean {
    const hash = this.#frame?.hash;
    if (hash !== undefined) {
      if (this.#input.length < 4) return false;
      const expected = uint32(this.#take(4), 0);
      if (hash.low32() !== expected) throw new ZstdFormatError('content that does not match its checksum');
    }
    this.#frame = undefined;
    this.#frames += 1;
    this.#step = 'magic';
    return true;
  }

  #take(length: number): Uint8Array {
    const taken = this.#input.subarray(0, length);
    this.#input = this.#input.subarray(length);
    return taken;
  }
}

/** The decoder trips over damaged bytes in many ways; each of them means the same. */
function decode(decoder: Decompress, bytes: Uint8Array, isLast: boolean): void {
  try {
    decoder.push(bytes, isLast);
  } catch (cause) {
    throw new ZstdFormatError(`a block that cannot be decompressed (${(cause as Error).message})`, { cause });
  }
}

/** RFC 8878, section 3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** RFC 8878, section 3.1.1.1.4: little-endian; two bytes count from 256. */
function readSize(bytes: Uint8Array): number {
  const size = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return bytes.length === 2 ? size + 256 : size;
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
