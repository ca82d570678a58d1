export { ReportNotWrittenError } from './errors.ts';
export { type ReportOptions, type WrittenReport, writeReport } from './write-report.ts';
