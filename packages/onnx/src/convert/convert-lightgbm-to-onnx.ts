import { UnconvertibleModelError } from '../errors.ts';
import type { LightGBMTrees } from '../lightgbm/lightgbm-trees.ts';
import { isCategoricalSplit, missingType } from '../lightgbm/lightgbm-trees.ts';
import { parseLightGBMModel } from '../lightgbm/parse-lightgbm-model.ts';
import { categoricalChains } from './categorical-chains.ts';
import { encodeTreeEnsemble } from './encode-tree-ensemble.ts';
import { linkFunctionOf } from './objectives.ts';
import { toTreeEnsemble } from './tree-ensemble.ts';

/**
 * Converts a LightGBM model text into an ONNX model that predicts the same.
 *
 * Input `features`: float32 `[N, F]`, NaN meaning missing. Outputs `raw_score` and `probability`: float32
 * `[N, 1]`, equal to LightGBM's raw and transformed predictions up to the rounding to float32. Where the link
 * is the identity (regression, ranking), LightGBM's transformed prediction is the raw one, and so is
 * `probability`. Feature names, link and origin are in the model's metadata_props.
 *
 * The same text always gives the same bytes.
 *
 * @param modelText a model in LightGBM's text format, v3 or v4
 * @throws {ModelFormatError} where the text is not a whole model
 * @throws {UnconvertibleModelError} for linear trees, zero as missing value, several classes, and objectives other than
 *   binary, cross_entropy, regression, lambdarank and rank_xendcg
 * @example
 * await writeFile('model.onnx', convertLightGBMToOnnx(await readFile('model.txt', 'utf8')));
 */
export function convertLightGBMToOnnx(modelText: string): Uint8Array {
  const trees = parseLightGBMModel(modelText);
  assertConvertible(trees);
  const linkFunction = linkFunctionOf(trees.objective);
  const chains = categoricalChains(trees);
  return encodeTreeEnsemble({
    name: 'lightgbm',
    featureNames: trees.featureNames,
    ensemble: toTreeEnsemble(trees, chains),
    categoryColumns: chains.columns,
    link: linkFunction.link,
    // LightGBM's raw prediction of a random forest is the sum; only the transformed one is of the mean.
    factor: linkFunction.sigmoid / (trees.averageOutput ? trees.trees : 1),
    properties: {
      objective: trees.objective?.name ?? '',
      trees: String(trees.trees),
      source: `LightGBM text model ${trees.version}`,
    },
  });
}

function assertConvertible(trees: LightGBMTrees): void {
  const refuse = (expected: string, found: string) => {
    throw new UnconvertibleModelError({ expected, found });
  };
  if (trees.numClass !== 1 || trees.treesPerIteration !== 1) {
    refuse('one score per row', `${trees.numClass} classes, ${trees.treesPerIteration} trees per iteration`);
  }
  if (trees.isLinear.includes(1)) refuse('constants in the leaves', 'linear trees (linear_tree)');
  for (const type of trees.decisionType) {
    // A categorical split has no missing value: NaN is in no category.
    if (!isCategoricalSplit(type) && missingType(type) === 'zero')
      refuse('NaN as the missing value', 'zero as the missing value (zero_as_missing)');
  }
}
