import type { Command } from 'commander';

/** `risk-scoring models promote`. */
export function addPromote(_models: Command): void {}
