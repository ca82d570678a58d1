import { RiskScoringError } from '@risk-scoring/contract';

/** A statement of ours that has no known meaning on a cluster. Nothing of it was run. */
export class ClusterStatementError extends RiskScoringError {
  constructor(parts: { statement: string; reason: string }) {
    super({
      code: 'CLUSTER_STATEMENT_UNKNOWN',
      category: 'internal',
      summary: `A statement cannot be run on a cluster: ${parts.reason}.`,
      expected:
        'CREATE TABLE IF NOT EXISTS … ENGINE = MergeTree, CREATE VIEW IF NOT EXISTS, CREATE OR REPLACE VIEW, DROP VIEW IF EXISTS, ALTER TABLE … ADD COLUMN IF NOT EXISTS, or ALTER TABLE … MODIFY SETTING non_replicated_deduplication_window, of placed tables',
      found: shorten(parts.statement),
      remedy: 'write the migration in one of these forms, or teach the cluster folder of storage the new one',
    });
  }
}

function shorten(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
