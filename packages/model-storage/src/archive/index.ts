export {
  ArchiveError,
  ArchiveExistsError,
  ArchiveNotWrittenError,
  ModelAtWorkError,
  ModelExistsOtherwiseError,
} from './errors.ts';
export type { ExportedModel, ExportOptions } from './export-model.ts';
export { exportModel } from './export-model.ts';
export type { ImportedModel, ImportOptions } from './import-model.ts';
export { importModel } from './import-model.ts';
export type { ArchiveLimits } from './limits.ts';
export { DEFAULT_ARCHIVE_LIMITS } from './limits.ts';
