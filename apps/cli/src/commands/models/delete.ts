import type { Command } from 'commander';

/** `risk-scoring models delete`. */
export function addDelete(_models: Command): void {}
