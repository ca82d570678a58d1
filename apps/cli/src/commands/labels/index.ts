import type { Command } from 'commander';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addList, addRemove } from './sets.ts';
import { addStats } from './stats.ts';
import { addSuggest } from './suggest.ts';
import { addValidate } from './validate.ts';

/** `risk-scoring labels`: what labels are worth, and data sets of one's own. */
export function addLabels(program: Command): void {
  const labels = program.command('labels').description('check, count, import, export and suggest labels');
  addValidate(labels);
  addStats(labels);
  addImport(labels);
  addList(labels);
  addRemove(labels);
  addExport(labels);
  addSuggest(labels);
}
