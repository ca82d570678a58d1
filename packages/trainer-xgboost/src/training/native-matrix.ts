import type { Pointer } from '../capi/c-api.ts';
import { call, readPointer } from '../capi/library.ts';
import { type Columns, gatherRows } from './gather-rows.ts';
import type { Lesson } from './lesson.ts';

/** Rows in a DMatrix of XGBoost's, with what they teach. The caller frees it with `XGDMatrixFree`. */
export function createNativeMatrix(matrix: Columns, lesson: Lesson): Pointer {
  const { rows, labels, weights, groups } = lesson;
  const dense = gatherRows(matrix, rows);
  const handle = readPointer((out) =>
    call('XGDMatrixCreateFromMat', dense, rows.length, matrix.columns, Number.NaN, out),
  );
  try {
    call('XGDMatrixSetFloatInfo', handle, 'label', labels, labels.length);
    if (groups !== undefined) call('XGDMatrixSetUIntInfo', handle, 'group', groups, groups.length);
    call('XGDMatrixSetFloatInfo', handle, 'weight', weights, weights.length);
  } catch (error) {
    call('XGDMatrixFree', handle);
    throw error;
  }
  return handle;
}
