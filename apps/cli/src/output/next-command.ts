/**
 * A command to go on with, as the user would type it, in the same data folder.
 *
 * @example
 * nextCommand(['models', 'list', '--network', 'simnet'], { dataDir: 'data' });
 * // 'npx risk-scoring models list --network simnet --data-dir data'
 */
export function nextCommand(
  args: readonly string[],
  { dataDir }: { readonly dataDir?: string } = {},
): string {
  const place =
    dataDir === undefined || dataDir === process.env.RISK_SCORING_DATA_DIR ? [] : ['--data-dir', dataDir];
  return ['npx', 'risk-scoring', ...args, ...place].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./<>…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
