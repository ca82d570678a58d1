import { type FeatureMatrix, LeakageError, type Split } from '@risk-scoring/contract';
import { singleFeatureAucs } from '@risk-scoring/evaluation';

/** A feature that alone orders the training rows this well knows the answer. */
export const SUSPICIOUS_FEATURE_AUC = 0.98;

/** Below this many addresses of either class, a feature can look perfect by chance among a hundred. */
const fewestGroups = 20;

/** What the check saw; kept in the model's metadata. */
export interface LeakageReport {
  readonly passed: true;
  /** `no labels`: nothing to judge a feature by. `too few addresses`: with fewer than 20 of a class, a feature can look perfect by chance, so none was judged. */
  readonly features: 'checked' | 'too few addresses' | 'no labels';
  readonly strongest_feature: string | null;
  readonly strongest_feature_auc: number | null;
}

const NO_FEATURE = { strongest_feature: null, strongest_feature_auc: null } as const;

/**
 * The gate that every training passes: no split group on both sides of the holdout, and no single
 * feature that tells the labels of the training rows apart almost perfectly.
 *
 * @param labels what models are judged by; undefined where there is nothing
 * @throws {LeakageError} naming the groups or the features
 */
export function checkLeakage(
  matrix: FeatureMatrix,
  labels: Int8Array | undefined,
  { holdout }: { readonly holdout: Split },
): LeakageReport {
  if (labels === undefined) return { passed: true, features: 'no labels', ...NO_FEATURE };
  checkGroups(matrix, holdout);
  const aucs = singleFeatureAucs(matrix, labels, holdout.train);
  let strongest = 0;
  aucs.forEach((auc, column) => {
    if (auc > (aucs[strongest] ?? 0)) strongest = column;
  });
  const suspects = matrix.columns.filter((_, column) => (aucs[column] ?? 0) >= SUSPICIOUS_FEATURE_AUC);
  const enough = hasEnoughGroups(matrix, labels, holdout.train);
  if (suspects.length > 0 && enough) {
    throw new LeakageError({
      summary: 'A feature alone almost gives the label away.',
      expected: `no feature with a single-feature AUC of ${SUSPICIOUS_FEATURE_AUC} or more on the training rows`,
      found: suspects
        .map(
          (column) =>
            `${column.name} (group ${column.group}): ${aucs[matrix.columns.indexOf(column)]?.toFixed(4)}`,
        )
        .join(', '),
      remedy: 'find out how the label got into that column and mend it where the column is made',
    });
  }
  return {
    passed: true,
    features: enough ? 'checked' : 'too few addresses',
    strongest_feature: matrix.columns[strongest]?.name ?? '',
    strongest_feature_auc: aucs[strongest] ?? Number.NaN,
  };
}

function checkGroups(matrix: FeatureMatrix, { train, test }: Split): void {
  const trained = new Set(Array.from(train, (row) => matrix.splitGroups[row]));
  const both = new Set(
    Array.from(test, (row) => matrix.splitGroups[row]).filter((group) => trained.has(group)),
  );
  if (both.size === 0) return;
  const [example] = both;
  throw new LeakageError({
    summary: 'Addresses are on both sides of the holdout.',
    expected: 'each address in the training part or in the holdout',
    found: `${both.size} on both sides, among them ${matrix.splitGroupNames[example ?? -1]}`,
    remedy: 'mend the splitter',
  });
}

function hasEnoughGroups(matrix: FeatureMatrix, labels: Int8Array, rows: Int32Array): boolean {
  return [0, 1].every((label) => {
    const groups = new Set<number>();
    for (const row of rows) if (labels[row] === label) groups.add(matrix.splitGroups[row] ?? -1);
    return groups.size >= fewestGroups;
  });
}
