import type { Command } from 'commander';

/** `risk-scoring report`. */
export function addReport(_program: Command): void {}
