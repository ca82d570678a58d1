// Labels of a period from raw_address_labels, and what they come to.
import type { TrainingData } from '@risk-scoring/contract';
import { createAddressLabelStrategy } from '@risk-scoring/labels';

export async function countLabels(data: TrainingData): Promise<{ suspicious: number; normal: number }> {
  const strategy = createAddressLabelStrategy();
  const labelSet = await strategy.deriveLabels(data.alerts, data, { seed: 42 });
  strategy.validateLabels(labelSet);
  const count = (label: number) => labelSet.labels.filter((value) => value === label).length;
  return { suspicious: count(1), normal: count(0) };
}
