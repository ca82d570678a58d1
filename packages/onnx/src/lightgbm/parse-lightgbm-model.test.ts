import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../errors.ts';
import { arbitraryTree } from '../testing/arbitrary-trees.ts';
import { flatten, modelText, type TreeSpec } from '../testing/model-text.ts';
import { learningData, withTrainedBooster } from '../testing/native-models.ts';
import { parseLightGBMModel } from './parse-lightgbm-model.ts';

const features = ['volume', 'degree'];
const stump: TreeSpec = { feature: 1, threshold: 0.1, decisionType: 10, left: -0.25, right: 0.5 };
const simple = modelText({ trees: [stump, 3], features, objective: 'binary sigmoid:1' });

describe('parseLightGBMModel', () => {
  it('gives back, bit by bit, the arrays that any text was written from', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTree(2), { minLength: 1, maxLength: 4 }), (trees) => {
        const parsed = parseLightGBMModel(modelText({ trees, features }));
        const flat = trees.map(flatten);
        const splits = flat.flatMap((tree) => tree.splits);
        expect(parsed.trees).toBe(trees.length);
        expect(Array.from(parsed.splitFeature)).toEqual(splits.map((split) => split.feature));
        expect(Array.from(parsed.threshold)).toEqual(splits.map((split) => split.threshold));
        expect(Array.from(parsed.decisionType)).toEqual(splits.map((split) => split.decisionType));
        expect(Array.from(parsed.leftChild)).toEqual(splits.map((split) => split.leftChild));
        expect(Array.from(parsed.rightChild)).toEqual(splits.map((split) => split.rightChild));
        expect(Array.from(parsed.leafValue)).toEqual(flat.flatMap((tree) => tree.leaves));
        for (const [tree, { splits, leaves }] of flat.entries()) {
          expect(parsed.nodeOffsets[tree + 1] - parsed.nodeOffsets[tree]).toBe(splits.length);
          expect(parsed.leafOffsets[tree + 1] - parsed.leafOffsets[tree]).toBe(leaves.length);
        }
      }),
    );
  });

  it('reads what the native library saves', () => {
    const data = learningData(1, 2000, 6);
    const training = { parameters: { objective: 'binary', num_leaves: 7, sigmoid: 1.5 }, iterations: 4 };
    const { text, names } = withTrainedBooster(data, training, (booster) => ({
      text: booster.saveToString(),
      names: booster.featureNames,
    }));
    const model = parseLightGBMModel(text);
    expect(model.featureNames).toEqual(names);
    expect(model.trees).toBe(4);
    expect(Array.from(model.leafOffsets)).toEqual([0, 7, 14, 21, 28]);
    expect(model.objective).toEqual({ name: 'binary', parameters: { sigmoid: '1.5' } });
    expect(model.parameters.get('num_leaves')).toBe('7');
    expect(model.averageOutput).toBe(false);
  });

  it('reads the header of random forests, custom objectives and regressions', () => {
    const parse = (more: object) => parseLightGBMModel(modelText({ trees: [stump], features, ...more }));
    expect(parse({ averageOutput: true }).averageOutput).toBe(true);
    expect(parse({}).objective).toBeUndefined();
    expect(parse({ objective: 'regression sqrt' }).objective).toEqual({
      name: 'regression',
      parameters: { sqrt: '' },
    });
  });

  it('takes the trailer that the Python package adds', () => {
    expect(parseLightGBMModel(`${simple}\npandas_categorical:null\n`).trees).toBe(2);
    expect(parseLightGBMModel(`${simple}\nparser:\n{"a": 1}\n\nend of parser\n`).trees).toBe(2);
  });

  it('reads sets of categories as LightGBM writes them', () => {
    expect(parseLightGBMModel(withSets({})).trees).toBe(1);
    expect(withSets({})).toContain('cat_boundaries=0 2 3\ncat_threshold=2 256 8\n');
  });

  it('refuses the text cut anywhere', () => {
    for (let length = 0; length < simple.length; length++) {
      expect(() => parseLightGBMModel(simple.slice(0, length)), `${length} characters`).toThrow(
        ModelFormatError,
      );
    }
  });

  it('answers any change of one character with a model or a ModelFormatError, nothing else', () => {
    fc.assert(
      fc.property(fc.nat(simple.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, inserted) => {
        try {
          parseLightGBMModel(simple.slice(0, at) + inserted + simple.slice(at + 1));
        } catch (error) {
          expect(error).toBeInstanceOf(ModelFormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const withLine = (key: string, value: string) =>
    modelText({ trees: [stump], features, treeLines: { [key]: value } });
  const withSets = (lines: Record<string, string>) => {
    const split: TreeSpec = {
      feature: 0,
      threshold: 0,
      decisionType: 1,
      categories: [1, 40],
      left: 1,
      right: 2,
    };
    const trees: TreeSpec[] = [{ ...split, right: { ...split, categories: [3] } }];
    return modelText({ trees, features, treeLines: lines });
  };
  const withHeader = (key: string, value: string) =>
    modelText({ trees: [stump], features, header: { [key]: value } });
  it.each([
    ['another version', withHeader('version', 'v2')],
    ['an unknown header key', withHeader('num_planets', '9')],
    ['fewer names than features', withHeader('feature_names', 'volume')],
    ['a name twice', withHeader('feature_names', 'volume volume')],
    ['no tree', modelText({ trees: [], features })],
    ['half an iteration', withHeader('num_tree_per_iteration', '2')],
    ['a tree that is longer than tree_sizes says', simple.replace('leaf_value=3\n', 'leaf_value=3.5\n')],
    ['a tree number out of order', simple.replace('Tree=1', 'Tree=2')],
    ['an unknown tree key', withLine('leaf_colour', 'red')],
    ['an unknown decision type', withLine('decision_type', '12')],
    ['a feature that is not there', withLine('split_feature', '2')],
    ['a list that is too long', withLine('threshold', '0.1 0.2')],
    ['a list that is too short', withLine('leaf_value', '0.1')],
    ['a threshold that is no number', withLine('threshold', 'nan')],
    ['a leaf value that is not finite', withLine('leaf_value', '1 1e999')],
    ['a hexadecimal number', withLine('threshold', '0x10')],
    ['a leaf with two parents', withLine('right_child', '-1')],
    ['a node that is its own child', withLine('left_child', '0')],
    ['a leaf that is not there', withLine('left_child', '-3')],
    ['a categorical split that num_cat does not count', withLine('decision_type', '1')],
    ['sets of categories that overlap', withSets({ cat_boundaries: '0 3 2' })],
    ['sets of categories that start too late', withSets({ cat_boundaries: '1 2 3' })],
    ['fewer sets of categories than num_cat', withSets({ cat_boundaries: '0 3' })],
    ['fewer words than sets of categories need', withSets({ cat_threshold: '2 256' })],
    ['a word of more than 32 bits', withSets({ cat_threshold: '2 256 4294967296' })],
    ['a set of categories that is not there', withSets({ threshold: '0 2' })],
    ['half a set of categories', withSets({ threshold: '0 0.5' })],
    ['carriage returns', simple.replaceAll('\n', '\r\n')],
    ['a line after the end', `${simple}more\n`],
    ['a broken parameter line', simple.replace('[boosting: gbdt]', 'boosting: gbdt')],
    ['another file', '{"name": "tree"}\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parseLightGBMModel(text)).toThrow(ModelFormatError);
  });

  it('names the line', () => {
    const text = withLine('threshold', 'nan');
    const line = text.split('\n').indexOf('threshold=nan') + 1;
    expect(() => parseLightGBMModel(text)).toThrow(`at line ${line}.`);
  });
});
