export { SUBMISSION_COLUMNS } from './columns.ts';
export {
  NoScoresFoundError,
  type ScoredSnapshot,
  ScoresOutdatedError,
  SubmissionFileError,
  SubmissionRefusedError,
} from './errors.ts';
export { type ReadSubmissionOptions, readSubmission } from './read-submission.ts';
export { MOST_DAYS_LATE } from './snapshot-truth.ts';
export type {
  CorrectedSubmissionFigures,
  SubmissionBehaviour,
  SubmissionEvolution,
  SubmissionReport,
  SubmissionTruth,
} from './submission-report.ts';
export type { RowsOfSnapshot, SubmissionFile } from './submission-rows.ts';
export { type ValidateSubmissionOptions, validateSubmission } from './validate-submission.ts';
export { type WriteSubmissionOptions, type WrittenSubmission, writeSubmission } from './write-submission.ts';
