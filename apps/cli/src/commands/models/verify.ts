import type { Command } from 'commander';

/** `risk-scoring models verify`. */
export function addVerify(_models: Command): void {}
