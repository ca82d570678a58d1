export type { CurveRequest } from './curve-request.ts';
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.ts';
export { type RocCurve, rocCurve } from './roc-curve.ts';
export { type ScoreHistogram, scoreHistogram } from './score-histogram.ts';
export { wilsonInterval } from './wilson-interval.ts';
