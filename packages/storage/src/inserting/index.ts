export type { InsertColumn, InsertConstant, IntegerValues } from './columns.ts';
export type { ColumnsToInsert } from './insert-columns.ts';
export { insertColumns } from './insert-columns.ts';
