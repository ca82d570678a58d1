import type { Command } from 'commander';

/** `risk-scoring submission`. */
export function addSubmission(_program: Command): void {}
