/** The bytes are no Thrift, or none that a Parquet writer writes. */
export class ThriftError extends Error {}

/** Field types of the compact protocol. */
const THRIFT = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
} as const;

const MAX_DEPTH = 64;
const MAX_VARINT_BYTES = 10;

/**
 * Walks over Thrift in the compact protocol (thrift.apache.org, "Thrift Compact protocol encoding") without building
 * anything, so that a length that is a lie costs no memory. It reads no byte beyond its own.
 *
 * @example
 * new ThriftReader(bytes).struct((id, type, reader) => { if (id === 3) rows = reader.integer(type); else reader.skip(type); });
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where it stands. */
  get offset(): number {
    return this.#at;
  }

  /** Calls back for each field of a struct; the callback reads or skips its value. */
  struct(onField: (id: number, type: number, reader: ThriftReader) => void): void {
    this.#deeper(() => {
      let id = 0;
      for (let header = this.#byte(); header !== 0; header = this.#byte()) {
        id = header >> 4 === 0 ? Number(this.#zigzag()) : id + (header >> 4);
        onField(id, header & 0x0f, this);
      }
    });
  }

  /** Calls back for each element of a list of structs. */
  structs(type: number, onElement: () => void): void {
    const { elementType, size } = this.#listHeader(type);
    if (size > 0 && elementType !== THRIFT.struct)
      throw new ThriftError(`a list of type ${elementType}, not of structs`);
    for (let index = 0; index < size; index++) onElement();
  }

  /** A whole number, as long as a double holds it. */
  integer(type: number): number {
    if (type !== THRIFT.i16 && type !== THRIFT.i32 && type !== THRIFT.i64) {
      throw new ThriftError(`type ${type} where a number should be`);
    }
    const value = Number(this.#zigzag());
    if (!Number.isSafeInteger(value)) throw new ThriftError(`the number ${value}`);
    return value;
  }

  skip(type: number): void {
    switch (type) {
      case THRIFT.true:
      case THRIFT.false:
        return;
      case THRIFT.byte:
        this.#forward(1);
        return;
      case THRIFT.i16:
      case THRIFT.i32:
      case THRIFT.i64:
        this.#zigzag();
        return;
      case THRIFT.double:
        this.#forward(8);
        return;
      case THRIFT.binary:
        this.#forward(Number(this.#varint()));
        return;
      case THRIFT.list:
        this.#skipList(type);
        return;
      case THRIFT.struct:
        this.struct((_, fieldType) => this.skip(fieldType));
        return;
      default:
        throw new ThriftError(`a value of the unknown type ${type}`);
    }
  }

  #skipList(type: number): void {
    const { elementType, size } = this.#listHeader(type);
    // In a list, unlike in a struct, a boolean is a byte of its own.
    const isBoolean = elementType === THRIFT.true || elementType === THRIFT.false;
    this.#deeper(() => {
      for (let index = 0; index < size; index++) this.skip(isBoolean ? THRIFT.byte : elementType);
    });
  }

  #listHeader(type: number): { elementType: number; size: number } {
    if (type !== THRIFT.list) throw new ThriftError(`type ${type} where a list should be`);
    const header = this.#byte();
    const size = header >> 4 === 15 ? Number(this.#varint()) : header >> 4;
    // An element takes a byte at least.
    if (size > this.#bytes.length - this.#at)
      throw new ThriftError(`a list of ${size} elements in too few bytes`);
    return { elementType: header & 0x0f, size };
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let value = 0n;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw new ThriftError('a number without an end');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new ThriftError('an end in the middle');
    return byte;
  }

  #forward(length: number): void {
    if (length > this.#bytes.length - this.#at)
      throw new ThriftError(`a text of ${length} bytes in too few bytes`);
    this.#at += length;
  }

  #deeper(walk: () => void): void {
    if (this.#depth >= MAX_DEPTH) throw new ThriftError(`more than ${MAX_DEPTH} levels`);
    this.#depth += 1;
    walk();
    this.#depth -= 1;
  }
}
