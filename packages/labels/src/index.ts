export {
  type ClusterLabelOptions,
  type ClusterLabelReport,
  labelClusters,
} from './clusters/label-clusters.ts';
export { type Agreement, agreementsOf } from './combining/agreement.ts';
export { COMBINE_MODES, type CombineMode, type CombinePart, combineLabelSets } from './combining/combine.ts';
export { definedByOf, readsOf } from './combining/union.ts';
export type { StrategyDefinition, StrategySurroundings } from './definition.ts';
export { defineStrategy } from './definition.ts';
export { LABEL_STRATEGIES } from './definitions.ts';
export { InvalidAddressLabelsError, LabelFileError, type LabelFileProblem } from './errors.ts';
export { type LabelFile, type ReadLabelFileOptions, readLabelFile } from './files/read-label-file.ts';
export { writeLabelCsv } from './files/write-label-csv.ts';
export { InvalidAlertColumnError } from './invalid-alert-column-error.ts';
export { countKinds, weakestKind } from './label-kinds.ts';
export { makeStrategy, type StrategyParts } from './make-strategy.ts';
export { elkanNoto } from './refining/elkan-noto.ts';
export type { AddressLabelRows } from './rows/address-label-rows.ts';
export { type LabelAlertsOptions, type LabelAlertsReport, labelAlerts } from './rows/label-alerts.ts';
export {
  ADDRESS_LABEL_COLUMNS,
  type ReadAddressLabels,
  type ReadAddressLabelsOptions,
  readAddressLabels,
  rowsOfLabelSet,
} from './rows/read-address-labels.ts';
export {
  CONFLICT_POLICIES,
  type ConflictPolicy,
  type Resolution,
  type ResolveCounts,
  type ResolveOptions,
  resolveRows,
} from './rows/resolve.ts';
export {
  NEGATIVE_LEVELS,
  POSITIVE_LEVELS,
  RISK_LEVELS,
  type RiskLevel,
  riskLevelOf,
} from './rows/risk-levels.ts';
export { UnknownLabelSetError } from './rows/unknown-label-set-error.ts';
export type { Condition } from './rules/condition.ts';
export { type AddressLabelSettings, createAddressLabelStrategy } from './strategies/address.ts';
export { type AlertLabelSettings, createAlertLabelStrategy } from './strategies/alert.ts';
export { type AnomalyLabelSettings, createAnomalyLabelStrategy } from './strategies/anomaly.ts';
export { type CombinedLabelOptions, createCombinedLabelStrategy } from './strategies/combined.ts';
export { type CustomLabelSettings, createCustomLabelStrategy } from './strategies/custom.ts';
export {
  createHeuristicLabelStrategy,
  type HeuristicLabelOptions,
  type LabelRule,
} from './strategies/heuristic.ts';
export {
  createPositiveUnlabelledLabelStrategy,
  type PositiveUnlabelledSettings,
} from './strategies/positive-unlabelled.ts';
export { createProxyLabelStrategy, type ProxyLabelSettings } from './strategies/proxy.ts';
export {
  createSemiSupervisedLabelStrategy,
  type SemiSupervisedSettings,
} from './strategies/semi-supervised.ts';
export { createUnsupervisedLabelStrategy } from './strategies/unsupervised.ts';
export {
  type AddressCounts,
  type AddressIndex,
  type AlertCounts,
  type CandidateFeatures,
  chooseInformative,
  countLabels,
  createAddressIndex,
  createRowsLabelStrategy,
  describeRows,
  disagreementOfSources,
  judgeLabels,
  type LabelCounts,
  type LabelledAddresses,
  type LabelNoise,
  labelAddresses,
  labelPlacedAlerts,
  type Overlap,
  overlapOf,
  type PartlyFilledFile,
  type PlacedAlerts,
  type PlacedRows,
  REMARK_THRESHOLDS,
  type RowFacts,
  readChosenRows,
  readPartlyFilledFile,
  type SourceDisagreement,
  type SuspectedLabel,
  suspectedNoise,
  uncertaintyOf,
  type Verdict,
  type VerdictRequest,
} from './tools/index.ts';
export { validateLabelSet } from './validate-label-set.ts';
