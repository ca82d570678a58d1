export {
  countDistribution,
  type Distribution,
  type DistributionCounter,
  type DistributionOptions,
  distributionOf,
  type OwnDistribution,
} from './distribution.ts';
export {
  type ChanceOptions,
  effectiveRows,
  populationStability,
  SHARE_FLOOR,
  type StabilityOptions,
  stabilityByChance,
} from './population-stability.ts';
export type { Values } from './quantile-edges.ts';
export {
  type CountedPart,
  FEWEST_ROWS_OF_PART,
  stabilityBetweenParts,
} from './stability-between-parts.ts';
