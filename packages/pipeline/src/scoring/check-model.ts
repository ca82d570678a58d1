import { type ModelType, RiskScoringError } from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';

/**
 * Checks that a model is of the network, the window and, where one is wanted, the type that it is to be used for.
 *
 * @throws {RiskScoringError} `MODEL_DOES_NOT_FIT`
 */
export function assertModelFits(
  { metadata }: Pick<StoredModel, 'metadata'>,
  wanted: {
    readonly network: string;
    readonly windowDays: number;
    readonly modelType?: ModelType | undefined;
  },
): void {
  const { model_type: type, network, training_period: period } = metadata;
  const modelType = wanted.modelType ?? type;
  if (type === modelType && network === wanted.network && period.window_days === wanted.windowDays) return;
  throw new RiskScoringError({
    code: 'MODEL_DOES_NOT_FIT',
    category: 'input',
    summary: `${metadata.model_id} cannot score these snapshots.`,
    expected: `${describe(modelType)} of ${wanted.network} for window_days = ${wanted.windowDays}`,
    found: `${describe(type)} of ${network} for window_days = ${period.window_days}`,
    remedy: 'choose a model with: npx risk-scoring models list',
  });
}

function describe(modelType: ModelType): string {
  return `${/^[aeiou]/.test(modelType) ? 'an' : 'a'} ${modelType}`;
}
