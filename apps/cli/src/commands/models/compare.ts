import type { Command } from 'commander';

/** `risk-scoring models compare`. */
export function addCompare(_models: Command): void {}
