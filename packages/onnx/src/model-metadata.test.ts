import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel } from './convert/onnx-messages.ts';
import { OnnxModelError } from './errors.ts';
import { readOnnxMetadata } from './model-metadata.ts';

const model = (metadata: Record<string, string>) =>
  encodeModel({
    irVersion: 8,
    producer: { name: 'someone', version: '2' },
    opsets: [{ domain: '', version: 15 }],
    graph: new Uint8Array(),
    metadata,
  });

describe('readOnnxMetadata', () => {
  it('reads what was written, whatever the names are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (names) => {
        const metadata = readOnnxMetadata(model({ feature_names: JSON.stringify(names), note: 'x' }));
        expect(metadata).toMatchObject({ featureNames: names, link: 'logistic', producer: 'someone 2' });
        expect(metadata.properties.note).toBe('x');
      }),
    );
  });

  it.each([
    ['no names', model({})],
    ['an empty list of names', model({ feature_names: '[]' })],
    ['names that are no texts', model({ feature_names: '[1]' })],
    ['names that are no JSON', model({ feature_names: 'a,b' })],
    ['an unknown link', model({ feature_names: '["a"]', link: 'probit' })],
    ['no bytes at all', new Uint8Array()],
    ['no protobuf message', Uint8Array.of(0xff, 0xff, 0xff)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readOnnxMetadata(bytes)).toThrow(OnnxModelError);
  });
});
