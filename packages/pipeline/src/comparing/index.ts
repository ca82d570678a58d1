export type { ComparedSnapshot, CompareOptions, ModelComparison } from './compare-models.ts';
export { compareModels } from './compare-models.ts';
export type {
  DescribedFigure,
  DescribedRanking,
  DifferentParameter,
  FeatureDifference,
  FigureName,
  ModelDescription,
} from './describe-model.ts';
export type { GateReport } from './gate.ts';
export { GateNotPassedError } from './gate.ts';
export type { GateCondition, GateOptions } from './gate-conditions.ts';
export { FEWEST_GROUPS, groupsAre } from './groups-are.ts';
export type { JudgedOrder, OrderDifference } from './judge-order.ts';
export type { DecidingFigure, JudgedScores, RowCounts, RowsComparison } from './judge-rows.ts';
export type { JudgingRequest } from './judge-together.ts';
export type { PromoteOptions, Promotion } from './promote-model.ts';
export { promoteModel } from './promote-model.ts';
