import { percentileRanks } from '../features/statistics.ts';

/** ROC AUC by the rank sum of the positives (Mann and Whitney), equal scores sharing their ranks. */
export function rankAuc(labels: readonly number[], scores: readonly number[]): number {
  const ranks = percentileRanks(Float64Array.from(scores)).map((share) => share * scores.length + 0.5);
  const positives = labels.filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  const rankSum = labels.reduce((sum, label, row) => sum + (label === 1 ? ranks[row] : 0), 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The standard error of AUC for scores that know nothing of the labels: √((n + 1) / 12PN). */
export function chanceError(labels: readonly number[]): number {
  const positives = labels.filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  return Math.sqrt((labels.length + 1) / (12 * positives * negatives));
}
