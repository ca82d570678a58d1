import { shellCommand } from '@risk-scoring/contract';

/**
 * A command to go on with, as the user would type it, with the same data folder and configuration.
 *
 * @example
 * nextCommand(['models', 'list', '--network', 'simnet'], { dataDir: 'data' });
 * // 'npx risk-scoring models list --network simnet --data-dir data'
 */
export function nextCommand(
  args: readonly string[],
  { dataDir, config }: { readonly dataDir?: string | undefined; readonly config?: string | undefined } = {},
): string {
  return shellCommand(['npx', 'risk-scoring', ...args, ...placeOf({ dataDir, config })]);
}

/**
 * A text with the data folder and the configuration added to the commands in it that are about a network and name neither: what the packages below
 * advise knows nothing of flags.
 *
 * @example
 * withPlace('list them with: npx risk-scoring models list --network simnet', { dataDir: 'data' });
 * // '… npx risk-scoring models list --network simnet --data-dir data'
 */
export function withPlace(
  text: string,
  place: { readonly dataDir?: string | undefined; readonly config?: string | undefined },
): string {
  const flags = shellCommand(placeOf(place));
  if (flags === '') return text;
  return text.replace(/npx risk-scoring [^,;\n]*--network [\w.-]+[^,;\n]*/g, (command) =>
    command.includes('--data-dir') || command.includes('--config')
      ? command
      : command.replace(/--network [\w.-]+/, (network) => `${network} ${flags}`),
  );
}

function placeOf({
  dataDir,
  config,
}: {
  readonly dataDir?: string | undefined;
  readonly config?: string | undefined;
}): string[] {
  const place =
    dataDir === undefined || dataDir === process.env.RISK_SCORING_DATA_DIR ? [] : ['--data-dir', dataDir];
  return [...(config === undefined ? [] : ['--config', config]), ...place];
}
