import { KeyValues } from './key-values.ts';
import type { LightGBMTrees } from './lightgbm-trees.ts';
import type { ModelHeader } from './parse-header.ts';
import { HEADER_KEYS, parseHeader } from './parse-header.ts';
import { parseParameters } from './parse-parameters.ts';
import type { ParsedTree } from './parse-tree.ts';
import { parseTree, TREE_KEYS } from './parse-tree.ts';
import { TextLines } from './text-lines.ts';

/**
 * Reads a model in LightGBM's text format, versions v3 and v4 (LightGBM 3 and 4), into typed arrays.
 *
 * It is strict: unknown keys, missing parts, lists of a wrong length, tree blocks that are not as long
 * as the header says, children that form no tree and text after the end are errors, so that a
 * truncated or edited file is noticed instead of scored with.
 *
 * The format is that of `GBDT::SaveModelToString` and `Tree::ToString` in LightGBM's sources.
 *
 * @param text the whole file
 * @throws {ModelFormatError} where the text is not a whole model
 * @example
 * const model = parseLightGBMModel(await readFile('model.txt', 'utf8'));
 * console.log(model.trees, model.featureNames);
 */
export function parseLightGBMModel(text: string): LightGBMTrees {
  const lines = new TextLines(text);
  lines.expect('tree');
  const header = parseHeader(new KeyValues(lines, 'the header', HEADER_KEYS), lines);
  if (header.treeSizes.length === 0) throw lines.error('at least one tree', 'none');
  if (header.treeSizes.length % header.treesPerIteration !== 0) {
    throw lines.error(
      `whole iterations of ${header.treesPerIteration} trees`,
      `${header.treeSizes.length} trees`,
    );
  }
  const trees = header.treeSizes.map((size, index) => readTree(lines, { index, size, header }));
  lines.expect('end of trees');
  return gather(header, trees, parseParameters(lines));
}

function readTree(lines: TextLines, tree: { index: number; size: number; header: ModelHeader }): ParsedTree {
  const start = lines.position;
  lines.expect(`Tree=${tree.index}`);
  const keys = new KeyValues(lines, `tree ${tree.index}`, TREE_KEYS);
  const parsed = parseTree(keys, lines, tree.header.featureNames.length);
  lines.expect('');
  // A tree block holds ASCII only, so that characters are bytes.
  const length = lines.position - start;
  if (length !== tree.size) {
    throw lines.error(`tree ${tree.index} to take ${tree.size} bytes, as tree_sizes says`, `${length}`);
  }
  return parsed;
}

function gather(
  header: ModelHeader,
  trees: readonly ParsedTree[],
  parameters: ReadonlyMap<string, string>,
): LightGBMTrees {
  const nodeOffsets = offsets(trees.map((tree) => tree.threshold.length));
  const leafOffsets = offsets(trees.map((tree) => tree.leafValue.length));
  const setOffsets = offsets(trees.map((tree) => tree.categoricalSplits));
  const wordsOfTrees = offsets(trees.map((tree) => tree.categoryWords.length));
  const wordOffsets = new Int32Array(setOffsets[trees.length] + 1);
  const categoryWords = new Uint32Array(wordsOfTrees[trees.length]);
  const nodes = nodeOffsets[trees.length];
  const splitFeature = new Int32Array(nodes);
  const threshold = new Float64Array(nodes);
  const decisionType = new Uint8Array(nodes);
  const leftChild = new Int32Array(nodes);
  const rightChild = new Int32Array(nodes);
  const leafValue = new Float64Array(leafOffsets[trees.length]);
  for (const [index, tree] of trees.entries()) {
    const node = nodeOffsets[index];
    splitFeature.set(tree.splitFeature, node);
    threshold.set(tree.threshold, node);
    decisionType.set(tree.decisionType, node);
    leftChild.set(tree.leftChild, node);
    rightChild.set(tree.rightChild, node);
    leafValue.set(tree.leafValue, leafOffsets[index]);
    const words = wordsOfTrees[index];
    wordOffsets.set(
      tree.wordOffsets.map((offset) => words + offset),
      setOffsets[index],
    );
    categoryWords.set(tree.categoryWords, words);
  }
  return {
    version: header.version,
    numClass: header.numClass,
    treesPerIteration: header.treesPerIteration,
    objective: header.objective,
    averageOutput: header.averageOutput,
    featureNames: header.featureNames,
    parameters,
    trees: trees.length,
    nodeOffsets,
    leafOffsets,
    isLinear: Uint8Array.from(trees, (tree) => (tree.isLinear ? 1 : 0)),
    categoricalSplits: Int32Array.from(trees, (tree) => tree.categoricalSplits),
    shrinkage: Float64Array.from(trees, (tree) => tree.shrinkage),
    splitFeature,
    threshold,
    decisionType,
    leftChild,
    rightChild,
    leafValue,
    setOffsets,
    wordOffsets,
    categoryWords,
  };
}

/** Running totals: n + 1 entries for n lengths. */
function offsets(lengths: readonly number[]): Int32Array {
  const result = new Int32Array(lengths.length + 1);
  for (const [index, length] of lengths.entries()) result[index + 1] = result[index] + length;
  return result;
}
