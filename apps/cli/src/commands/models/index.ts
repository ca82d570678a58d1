import type { Command } from 'commander';
import { addAliases } from './aliases.ts';
import { addCompare } from './compare.ts';
import { addDelete } from './delete.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addList } from './list.ts';
import { addPromote } from './promote.ts';
import { addRegister } from './register.ts';
import { addRollback } from './rollback.ts';
import { addShow } from './show.ts';
import { addVerify } from './verify.ts';

/** `risk-scoring models`: what was trained. */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('list, show, compare, promote, check, move and delete saved models');
  addList(models);
  addShow(models);
  addCompare(models);
  addPromote(models);
  addRollback(models);
  addAliases(models);
  addVerify(models);
  addRegister(models);
  addExport(models);
  addImport(models);
  addDelete(models);
}
