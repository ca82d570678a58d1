export { OutputFolderError, SnapshotExistsError } from './errors.ts';
export type { SimulationOptions, SimulationSummary, SnapshotSummary } from './options.ts';
export { simulateSnapshots } from './simulate-snapshots.ts';
export type { SnapshotMeta } from './snapshot-folder.ts';
