import { RiskScoringError } from '@risk-scoring/contract';

/**
 * An error as the user reads it: what happened, what was expected and found, what to do. With `json`, one
 * JSON object for programs. What nobody foresaw is shown with its stack, as that is a bug to report.
 */
export function showError(error: unknown, { json }: { json: boolean }): string {
  if (!RiskScoringError.isInstance(error)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return json
      ? JSON.stringify({ error: { code: 'UNEXPECTED', summary: text } })
      : `unexpected error: ${text}`;
  }
  if (json) return JSON.stringify({ error });
  const parts: [string, string | undefined][] = [
    ['expected', error.expected],
    ['found', error.found],
    ['to do', error.remedy],
  ];
  const lines = parts.filter(([, text]) => text).map(([name, text]) => `  ${`${name}:`.padEnd(10)}${text}`);
  return [`error: ${error.summary} [${error.code}]`, ...lines].join('\n');
}
