import { randomUUID } from 'node:crypto';
import type { Database } from '@risk-scoring/storage';
import type { LabelScope } from './relations/scope.ts';

/**
 * Which labels a computation may see. Training hides those of the holdout (and of the fold that is judged), and lets no
 * address see labels of its own fold; scoring sees every label that is known at the snapshot's date but the address's own.
 */
export interface LabelVisibility {
  /** Addresses whose labels nobody sees. They themselves see all others. */
  readonly hidden: readonly string[];
  /** An address sees labels of addresses in other folds only, of this many; 0: those of all other addresses. */
  readonly folds: number;
}

/** What scoring sees: every label of another address. */
export const ALL_LABELS: LabelVisibility = { hidden: [], folds: 0 };

/** Writes down what is hidden, where the queries of one computation find it. */
export async function applyVisibility(
  database: Database,
  { hidden, folds }: LabelVisibility,
): Promise<LabelScope> {
  if (hidden.length === 0) return { computationId: '', folds };
  const computationId = randomUUID();
  const rowsPerInsert = 100_000;
  for (let from = 0; from < hidden.length; from += rowsPerInsert) {
    const rows = hidden.slice(from, from + rowsPerInsert).map((address) => ({
      computation_id: computationId,
      address,
    }));
    await database.insert('hidden_labels', rows, 'hiding labels');
  }
  return { computationId, folds };
}
