import type { Command } from 'commander';

/** `risk-scoring validate-submission`. */
export function addValidateSubmission(_program: Command): void {}
