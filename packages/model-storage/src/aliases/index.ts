export type { AliasMove, HistoryFilter } from './alias-history.ts';
export { aliasHistory } from './alias-history.ts';
export { validateAliasName } from './alias-name.ts';
export type { AliasFilter, AliasState } from './alias-state.ts';
export { listAliases } from './alias-state.ts';
export {
  AliasModelError,
  AliasMovedMeanwhileError,
  AliasNotFoundError,
  NothingBeforeError,
} from './errors.ts';
export type { AliasRequest, RemoveRequest, RollbackRequest } from './move-alias.ts';
export { moveAlias, removeAlias } from './move-alias.ts';
export { rollbackAlias } from './rollback-alias.ts';
