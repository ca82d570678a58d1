import { effectiveRows, evaluateBinaryOrNull } from '@risk-scoring/evaluation';

/** How well a model's scores ordered some labelled rows. */
export interface RealisedFigures {
  readonly rows: number;
  readonly positives: number;
  /** Addresses (of a cluster scorer: groups of clusters that share some). */
  readonly groups: number;
  /** Null where a class is missing. */
  readonly auc: number | null;
  /** 95 %, by bootstrap over the groups; null where there is no AUC or one group only. */
  readonly auc_interval: readonly [number, number] | null;
}

/** Labels that have arrived for a snapshot, and how the scores did by them. */
export interface RealisedLabels {
  /** The strategy that they come from, and why where it is not the one that judged the model. */
  readonly strategy: string;
  readonly strategy_reason: string | null;
  readonly labelled: number;
  readonly positives: number;
  readonly positive_rate: number;
  /** Of the labelled rows of the training period; null where it had none. */
  readonly reference_positive_rate: number | null;
  /** How many standard errors the two rates lie apart, rows of one address counting as one; null where it cannot be told. */
  readonly positive_rate_z: number | null;
  /** All labelled rows: those of addresses that the model learned from flatter it. */
  readonly all: RealisedFigures;
  /** Only rows that the model cannot have learned from: the figure that counts. Null where nobody can tell which these are. */
  readonly unseen: RealisedFigures | null;
  /** Why nobody can tell; null where it is known. */
  readonly unseen_reason: string | null;
}

/** Labelled rows of a snapshot, collected part by part. */
export interface LabelledRows {
  add(row: { label: 0 | 1; score: number; group: number; unseen: boolean }): void;
  readonly rows: number;
  figures(seed: number): { readonly all: RealisedFigures; readonly unseen: RealisedFigures };
  /** How many independent rows they are worth. */
  effective(): number;
}

/** Starts collecting. */
export function collectLabelled(): LabelledRows {
  const labels: number[] = [];
  const scores: number[] = [];
  const groups: number[] = [];
  const unseen: number[] = [];
  return {
    add(row) {
      if (row.unseen) unseen.push(labels.length);
      labels.push(row.label);
      scores.push(row.score);
      groups.push(row.group);
    },
    get rows() {
      return labels.length;
    },
    figures(seed) {
      const of = (rows: Int32Array) =>
        figuresOf({
          labels: Int8Array.from(rows, (row) => labels[row] ?? 0),
          scores: Float64Array.from(rows, (row) => scores[row] ?? Number.NaN),
          splitGroups: Int32Array.from(rows, (row) => groups[row] ?? 0),
          seed,
        });
      return { all: of(Int32Array.from(labels.keys())), unseen: of(Int32Array.from(unseen)) };
    },
    effective: () => effectiveRows(groups),
  };
}

function figuresOf(request: {
  readonly labels: Int8Array;
  readonly scores: Float64Array;
  readonly splitGroups: Int32Array;
  readonly seed: number;
}): RealisedFigures {
  const rows = request.labels.length;
  if (rows === 0) return { rows, positives: 0, groups: 0, auc: null, auc_interval: null };
  const { groups, positives, auc, intervals } = evaluateBinaryOrNull(request);
  return { rows, positives, groups, auc, auc_interval: intervals?.auc ?? null };
}

/**
 * How many standard errors a positive rate lies from the training's: the two-proportion z with the pooled rate (Fleiss, Levin and Paik, Statistical Methods for
 * Rates and Proportions, 2003, section 2.3). Rows are to be counted by what they are worth.
 *
 * @returns null where a side has no row, or both rates are 0 or 1
 */
export function rateZ(
  current: { readonly rate: number; readonly rows: number },
  reference: { readonly rate: number; readonly rows: number },
): number | null {
  if (!(current.rows > 0 && reference.rows > 0)) return null;
  const pooled =
    (current.rate * current.rows + reference.rate * reference.rows) / (current.rows + reference.rows);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / current.rows + 1 / reference.rows));
  return error > 0 ? (current.rate - reference.rate) / error : null;
}
