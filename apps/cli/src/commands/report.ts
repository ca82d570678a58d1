import { loadModel, parseModelType, type WrittenReport, writeReport } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, someText } from '../options.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface ReportCommandOptions {
  readonly network: string;
  readonly modelType?: string;
  readonly out?: string;
  readonly drift: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring report`: a model as an HTML page and a Markdown card. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description(
      'write a model as one HTML page, which needs nothing else to be read, and as a Markdown card',
    )
    .argument('[model]', 'a model id, an alias such as champion, the path of its .json, or latest', 'latest')
    .addOption(common.network())
    .option('--model-type <type>', 'of which type the latest model or the alias is')
    .option('--out <file>', 'the page, a name that ends in .html (default: beside the model)', someText)
    .option('--no-drift', 'do not score the latest snapshot to compare it with the training period')
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((model: string, options: ReportCommandOptions) =>
      runCommand(options, (context) => report(model, options, context)),
    );
}

async function report(
  wanted: string,
  options: ReportCommandOptions,
  context: CommandContext,
): Promise<string> {
  const { modelType, out, drift, json } = options;
  const { signal, progress } = context;
  const written = await withDatabase(options, context, async (database) => {
    const model = await loadModel(database, {
      model: wanted,
      ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }),
    });
    return writeReport(database, {
      model,
      out,
      drift,
      signal,
      onProgress: (update) => progress.update(update),
    });
  });
  return json ? JSON.stringify(written, null, 2) : showReport(written);
}

function showReport({ report: page, card, drift_of: date, without_drift: reason }: WrittenReport): string {
  return [
    'Wrote',
    `  ${page}  (the report: open it in a browser)`,
    `  ${card}  (the model card)`,
    date === null ? `Without drift: ${reason}.` : `Drift is that of the snapshot of ${date}.`,
  ].join('\n');
}
