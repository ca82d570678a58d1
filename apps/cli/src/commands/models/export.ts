import type { Command } from 'commander';

/** `risk-scoring models export`. */
export function addExport(_models: Command): void {}
