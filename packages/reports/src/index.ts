export type {
  FeatureDrift,
  LabelDrift,
  ModelFile,
  RealisedAuc,
  ReportContent,
  Shares,
  SnapshotDrift,
} from './content.ts';
export { renderModelCard } from './render-model-card.ts';
export { renderReport } from './render-report.ts';
