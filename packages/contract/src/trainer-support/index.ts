export { checkTeaching } from './check-teaching.ts';
export { assertRows, assertSameColumns, type SharedRows, shareRows } from './matrix-rows.ts';
export { nativeArtifact } from './native-artifact.ts';
export {
  runWorkerTask,
  serveWorkerTask,
  WorkerTaskError,
  type WorkerTaskOptions,
  type WorkerTaskWatch,
} from './worker-task.ts';
