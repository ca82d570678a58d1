/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's decomposition A = L Lᵀ.
 *
 * @param matrix rows of A; its lower half is read
 * @returns undefined where A is not positive definite
 * @example
 * solvePositive([[4, 2], [2, 3]], [8, 7]); // [1.25, 1.5]
 */
export function solvePositive(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] | undefined {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const own: number[] = [];
    for (let j = 0; j < i; j++) own.push((row[j] - dot(own, lower[j], j)) / lower[j][j]);
    const square = row[i] - dot(own, own, i);
    if (!(square > 0)) return undefined;
    own.push(Math.sqrt(square));
    lower.push(own);
  }
  const half: number[] = [];
  for (const [i, row] of lower.entries()) half.push((right[i] - dot(row, half, i)) / row[i]);
  const solution = new Array<number>(right.length).fill(0);
  for (let i = right.length - 1; i >= 0; i--) {
    let sum = half[i];
    for (let j = i + 1; j < right.length; j++) sum -= lower[j][i] * solution[j];
    solution[i] = sum / lower[i][i];
  }
  return solution;
}

function dot(a: readonly number[], b: readonly number[], count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += a[k] * b[k];
  return sum;
}
