export {
  type ExportedLabels,
  type ExportLabelsOptions,
  exportLabels,
  NoLabelsToExportError,
} from './export-labels.ts';
export { type ImportedLabels, type ImportLabelsOptions, importLabels } from './import-labels.ts';
export { type NamedLabelSet, parseLabelSetName } from './label-set-name.ts';
export { type LabelStatistics, labelStatistics, type StrategyTrialOptions } from './label-statistics.ts';
export type { LabelSubject, SubjectFacts } from './label-subject.ts';
export type { ModelOptions } from './model-options.ts';
export type { OpenPeriod } from './period-of.ts';
export {
  MOST_SUGGESTIONS,
  NothingToSuggestError,
  type SuggestedLabels,
  type SuggestLabelsOptions,
  suggestLabels,
} from './suggest-labels.ts';
export type { SuggestedAddress } from './suggestion-csv.ts';
export { type LabelValidation, type ValidateLabelsOptions, validateLabels } from './validate-labels.ts';
