export type { RawColumns } from './altered-columns.ts';
export type { DependenceOptions } from './find-dependent-columns.ts';
export { findDependentColumns } from './find-dependent-columns.ts';
