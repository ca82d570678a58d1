import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new empty folder for one test file, and how to remove it. */
export function scratchFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
