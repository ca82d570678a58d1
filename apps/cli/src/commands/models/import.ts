import type { Command } from 'commander';

/** `risk-scoring models import`. */
export function addImport(_models: Command): void {}
