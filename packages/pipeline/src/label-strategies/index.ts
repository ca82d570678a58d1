export { assertLabelStrategy } from './assert-label-strategy.ts';
export { LabelStrategyError, LabelStrategySourceError } from './errors.ts';
export type { LoadLabelStrategyOptions, StrategyFactory } from './load-label-strategy.ts';
export { createBuiltIn, loadLabelStrategy } from './load-label-strategy.ts';
