import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertLightGBMToOnnx } from '../convert/convert-lightgbm-to-onnx.ts';
import { OnnxModelError } from '../errors.ts';
import { modelText } from '../testing/model-text.ts';
import type { OnnxModelParts } from './onnx-parts.ts';
import { bytesField } from './proto-fields.ts';
import { readOnnxParts } from './read-onnx-parts.ts';
import { prefixNames } from './rename-values.ts';
import { readScoringParts } from './scoring-parts.ts';
import { writeOnnxParts } from './write-onnx-parts.ts';

const stump = { feature: 1, threshold: 0.5, decisionType: 10, left: -1, right: 2 };
const bytes = convertLightGBMToOnnx(
  modelText({ trees: [stump, 3], features: ['a', 'größe'], objective: 'binary sigmoid:2' }),
);
const parts = readOnnxParts(bytes);

/** A model around one node of these attributes. */
function modelWith(attribute: Uint8Array): Uint8Array {
  const [node, ...rest] = parts.graph.nodes;
  if (node === undefined) throw new Error('the model has nodes');
  return writeOnnxParts({
    ...parts,
    graph: { ...parts.graph, nodes: [{ ...node, attributes: [attribute] }, ...rest] },
  });
}

describe('readOnnxParts', () => {
  it('finds what the model is made of', () => {
    expect(parts.irVersion).toBe(8);
    expect(parts.opsets).toEqual([
      { domain: '', version: 15 },
      { domain: 'ai.onnx.ml', version: 3 },
    ]);
    expect(parts.metadata).toMatchObject({ feature_names: '["a","größe"]', link: 'logistic' });
    expect(parts.graph.nodes.map(({ operator }) => operator)).toEqual([
      'Cast',
      'TreeEnsembleRegressor',
      'Cast',
      'Mul',
      'Sigmoid',
      'Cast',
    ]);
    expect(parts.graph.inputs.map(({ name }) => name)).toEqual(['features']);
    expect(parts.graph.outputs.map(({ name }) => name)).toEqual(['raw_score', 'probability']);
    expect(parts.graph.initializers.map(({ name }) => name)).toEqual(['factor']);
  });

  it('gives parts that are written as the same bytes', () => {
    expect(writeOnnxParts(parts)).toEqual(bytes);
  });

  it('keeps fields that it does not know, byte for byte', () => {
    const unknown = [bytesField(9, Uint8Array.of(1, 2, 3)), bytesField(4711, Uint8Array.of(255))];
    const edited: OnnxModelParts = {
      ...parts,
      others: [...parts.others, ...unknown],
      graph: { ...parts.graph, others: [...parts.graph.others, ...unknown] },
    };
    const again = readOnnxParts(writeOnnxParts(edited));
    const encoded = (fields: OnnxModelParts['others']) => fields.map((field) => Array.from(field.encoded));
    expect(encoded(again.others)).toEqual(expect.arrayContaining(encoded(unknown)));
    expect(encoded(again.graph.others)).toEqual(expect.arrayContaining(encoded(unknown)));
  });

  it('refuses a subgraph, whose names an edit would have to follow', () => {
    const subgraph = new BinaryWriter().tag(6, WireType.LengthDelimited).bytes(new Uint8Array()).finish();
    expect(() => readOnnxParts(modelWith(subgraph))).toThrow(OnnxModelError);
    expect(() => readOnnxParts(modelWith(subgraph))).toThrow('subgraph');
  });

  it('answers a model cut anywhere with an OnnxModelError, or where a field ends, with the fields before', () => {
    for (let length = 0; length < bytes.length; length++) {
      expectPartsOrModelError(bytes.subarray(0, length));
      expect(() => readScoringParts(bytes.subarray(0, Math.min(length, 100)))).toThrow(OnnxModelError);
    }
  });

  it('answers any bytes, and any change of a model, with parts or an OnnxModelError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectPartsOrModelError), { numRuns: 2000 });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ maxLength: 3 }), (at, inserted) => {
        const changed = [...bytes.subarray(0, at), ...inserted, ...bytes.subarray(at + 1)];
        expectPartsOrModelError(Uint8Array.from(changed));
      }),
      { numRuns: 2000 },
    );
  });
});

function expectPartsOrModelError(candidate: Uint8Array): void {
  try {
    writeOnnxParts(readScoringParts(candidate));
  } catch (error) {
    expect(error).toBeInstanceOf(OnnxModelError);
  }
}

describe('prefixNames', () => {
  it('renames every value but those kept and those left out', () => {
    const [cast, ...rest] = parts.graph.nodes;
    if (cast === undefined) throw new Error('the model has nodes');
    const graph = { ...parts.graph, nodes: [{ ...cast, inputs: ['features', '', 'x'] }, ...rest] };
    const renamed = prefixNames(graph, 'p/', new Set(['features']));
    expect(renamed.nodes[0]).toMatchObject({
      inputs: ['features', '', 'p/x'],
      outputs: ['p/features_double'],
      name: 'p/Cast_features_double',
      attributes: cast.attributes,
    });
    expect(renamed.initializers.map(({ name }) => name)).toEqual(['p/factor']);
    expect(renamed.outputs.map(({ name }) => name)).toEqual(['p/raw_score', 'p/probability']);
    expect(renamed.inputs.map(({ name }) => name)).toEqual(['features']);
  });

  it('refuses names that it does not follow', () => {
    const graph = { ...parts.graph, others: [bytesField(15, new Uint8Array())] };
    expect(() => prefixNames(graph, 'p/', new Set())).toThrow('sparse initializers');
  });
});
