import {
  type AliasState,
  type ModelProblem,
  type ModelVerification,
  type OrphanedFile,
  verifyModels,
} from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { configOf } from '../../config.ts';
import { common, several } from '../../options.ts';
import { EXIT_CODES } from '../../output/exit-codes.ts';
import { fillAlias } from '../../output/fill-alias.ts';
import { withPlace } from '../../output/next-command.ts';
import { count } from '../../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface VerifyOptions extends ModelsOptions {
  readonly outputDir?: readonly string[];
  readonly removeLeftovers: boolean;
}

/** `risk-scoring models verify`. */
export function addVerify(models: Command): void {
  models
    .command('verify')
    .description(
      'compare the disk with the table of models: what is missing, changed, or lies there and is seen by nobody',
    )
    .addOption(common.network())
    .option(
      '--output-dir <folder>',
      'a folder of models to look through besides those that hold registered models; may be given several times (default: training.output_dir)',
      several,
    )
    .option(
      '--remove-leftovers',
      'remove what killed saves and deletions left, where nothing touched it for an hour',
      false,
    )
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: VerifyOptions) => runCommand(options, (context) => verify(options, context)));
}

async function verify(options: VerifyOptions, context: CommandContext): Promise<string> {
  const config = await configOf(options);
  const { outputDir = [config.training.outputDir], removeLeftovers } = options;
  const verification = await withConfiguredDatabase(config, options, {
    context,
    work: (database) => verifyModels(database, { outputDirs: outputDir, removeLeftovers }),
  });
  const found = placed(verification, options);
  if (found.missing.length + found.changed.length + found.dangling.length > 0)
    process.exitCode = EXIT_CODES.model;
  return options.json ? JSON.stringify(found, null, 2) : showVerification(found, options);
}

/** The same with commands that work on the same database. */
function placed(found: ModelVerification, options: VerifyOptions): ModelVerification {
  const place = <T extends { readonly remedy: string }>(entries: readonly T[]): T[] =>
    entries.map((entry) => ({ ...entry, remedy: withPlace(entry.remedy, options) }));
  return {
    ...found,
    missing: place(found.missing),
    changed: place(found.changed),
    newer: place(found.newer),
    orphaned: place(found.orphaned),
  };
}

function showVerification({ models, ...found }: ModelVerification, options: VerifyOptions): string {
  const { missing, changed, newer, dangling, orphaned, removed } = found;
  const harmed = new Set([...missing, ...changed].map((problem) => problem.model_id)).size;
  return [
    models === 0
      ? 'No model is registered.'
      : `${count(models - harmed)} of ${count(models)} registered models are as they were saved.`,
    ...section('Missing', missing.map(showProblem)),
    ...section('Changed', changed.map(showProblem)),
    ...section('Saved by a newer version, so their files could not be checked', newer.map(showProblem)),
    ...section(
      'Aliases of models that are gone',
      dangling.map((state) => showDangling(state, options)),
    ),
    ...section('Seen by nobody', orphaned.map(showOrphan)),
    ...section('Removed', removed),
  ].join('\n');
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ['', `${title}:`, ...entries.map((entry) => `  ${entry}`)];
}

function showProblem({ model_id: id, file, expected, found, remedy }: ModelProblem): string {
  return `${file}\n    of ${id}\n    expected: ${expected}\n    found: ${found}\n    to do: ${remedy}`;
}

function showDangling({ model_type: type, alias, model_id: id }: AliasState, options: VerifyOptions): string {
  return `${alias} (${type}) stands for ${id}\n    to do: ${fillAlias({ alias, type }, options)}`;
}

const KINDS: Readonly<Record<OrphanedFile['kind'], string>> = {
  model: 'a model that is not registered',
  saving: 'the hidden folder of a save that was killed, or still goes on',
  file: 'a file of a model whose metadata is not there',
};

function showOrphan({ kind, path, remedy }: OrphanedFile): string {
  return `${path}\n    ${KINDS[kind]}\n    to do: ${remedy}`;
}
