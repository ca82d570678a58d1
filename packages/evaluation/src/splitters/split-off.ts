import type { Split } from '@risk-scoring/contract';

/**
 * One part as the test rows, all others as the training rows.
 *
 * @param parts the part of each row, aligned with `rows`
 */
export function splitOff(rows: Int32Array, parts: Int32Array, testPart: number): Split {
  let testRows = 0;
  for (const part of parts) testRows += part === testPart ? 1 : 0;
  const test = new Int32Array(testRows);
  const train = new Int32Array(rows.length - testRows);
  let tested = 0;
  for (let i = 0; i < rows.length; i++) {
    if (parts[i] === testPart) test[tested++] = rows[i];
    else train[i - tested] = rows[i];
  }
  return { train, test };
}
