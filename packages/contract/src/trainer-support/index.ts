export { type TwoSidedLabels, type TwoSidedRows, teachBothClasses } from './both-classes.ts';
export { checkTeaching } from './check-teaching.ts';
export { createEarlyStopping, type EarlyStopping } from './early-stopping.ts';
export { assertRows, assertSameColumns, type SharedRows, shareRows } from './matrix-rows.ts';
export { nativeArtifact } from './native-artifact.ts';
export { limitSpinning } from './openmp.ts';
export { type PartScorer, type RowsPart, scoreInParts } from './score-in-parts.ts';
export {
  runWorkerTask,
  serveWorkerTask,
  WorkerTaskError,
  type WorkerTaskOptions,
  type WorkerTaskWatch,
} from './worker-task.ts';
