import type { Command } from 'commander';

/** `risk-scoring models rollback`. */
export function addRollback(_models: Command): void {}
