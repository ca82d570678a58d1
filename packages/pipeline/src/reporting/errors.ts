import { RiskScoringError } from '@risk-scoring/contract';

/** The files of a report could not be written. */
export class ReportNotWrittenError extends RiskScoringError {
  constructor({ file, cause }: { readonly file: string; readonly cause: Error }) {
    super({
      code: 'REPORT_NOT_WRITTEN',
      category: 'environment',
      summary: 'The report could not be written.',
      expected: `a folder that can be written to, for ${file}`,
      found: cause.message,
      remedy: 'make room or mend the rights of the folder, or write it elsewhere with --out FILE.html',
      cause,
    });
  }
}
