/**
 * A command to go on with, as the user would type it, with the same data folder and configuration.
 *
 * @example
 * nextCommand(['models', 'list', '--network', 'simnet'], { dataDir: 'data' });
 * // 'npx risk-scoring models list --network simnet --data-dir data'
 */
export function nextCommand(
  args: readonly string[],
  { dataDir, config }: { readonly dataDir?: string; readonly config?: string } = {},
): string {
  const place =
    dataDir === undefined || dataDir === process.env.RISK_SCORING_DATA_DIR ? [] : ['--data-dir', dataDir];
  const configuration = config === undefined ? [] : ['--config', config];
  return ['npx', 'risk-scoring', ...args, ...configuration, ...place].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./<>…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
