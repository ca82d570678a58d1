import type { Command } from 'commander';

/** `risk-scoring monitor`. */
export function addMonitor(_program: Command): void {}
