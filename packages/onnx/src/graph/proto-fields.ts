import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { OnnxModelError } from '../errors.ts';

/** One field of an encoded protobuf message. */
export interface Field {
  readonly number: number;
  readonly wireType: WireType;
  /** What follows the tag: of a text, bytes or a message the content without its length. */
  readonly content: Uint8Array;
  /** Tag and content as they stand in the message. */
  readonly encoded: Uint8Array;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The fields of an encoded message, in its order; nested messages stay bytes.
 *
 * @param what the message is, for errors: `'GraphProto'`
 * @throws {OnnxModelError} where the bytes are no protobuf message
 */
export function readFields(message: Uint8Array, what: string): Field[] {
  const reader = new BinaryReader(message);
  const fields: Field[] = [];
  try {
    while (reader.pos < reader.len) {
      const start = reader.pos;
      const [number, wireType] = reader.tag();
      const content = wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, number);
      fields.push({ number, wireType, content, encoded: message.subarray(start, reader.pos) });
    }
  } catch (cause) {
    throw broken(what, `bytes that are none from position ${reader.pos} on`, cause);
  }
  return fields;
}

/** The content of a field that is a message or bytes. */
export function bytesOf(field: Field, what: string): Uint8Array {
  if (field.wireType !== WireType.LengthDelimited) {
    throw broken(what, `field ${field.number} with wire type ${field.wireType}`);
  }
  return field.content;
}

/** A field that is a text. */
export function textOf(field: Field, what: string): string {
  const bytes = bytesOf(field, what);
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw broken(what, `field ${field.number}, which is no UTF-8 text`, cause);
  }
}

/** A field that is an integer from 0 to 2^53. */
export function integerOf(field: Field, what: string): number {
  if (field.wireType !== WireType.Varint) {
    throw broken(what, `field ${field.number} with wire type ${field.wireType}`);
  }
  let value = Number.NaN;
  try {
    value = Number(new BinaryReader(field.content).uint64());
  } catch (cause) {
    throw broken(what, `field ${field.number}, which is no integer`, cause);
  }
  if (Number.isSafeInteger(value)) return value;
  throw broken(what, `field ${field.number}, an integer that is too large`);
}

/** A text as a field. */
export function textField(number: number, value: string): Field {
  return bytesField(number, new TextEncoder().encode(value));
}

/** A message as a field. */
export function bytesField(number: number, content: Uint8Array): Field {
  const encoded = new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(content).finish();
  return { number, wireType: WireType.LengthDelimited, content, encoded };
}

/** An integer ≥ 0 as a field. */
export function integerField(number: number, value: number): Field {
  const content = new BinaryWriter().uint64(value).finish();
  const encoded = new BinaryWriter().tag(number, WireType.Varint).uint64(value).finish();
  return { number, wireType: WireType.Varint, content, encoded };
}

/** A message of these fields, ordered by number; fields of one number keep their order. */
export function writeFields(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of fields.toSorted((a, b) => a.number - b.number)) writer.raw(field.encoded);
  return writer.finish();
}

function broken(what: string, found: string, cause?: unknown): OnnxModelError {
  return new OnnxModelError({ expected: `an ONNX model with a whole ${what}`, found, cause });
}
