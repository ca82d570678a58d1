import type { LabelStrategy } from '@risk-scoring/contract';
import {
  CONFLICT_POLICIES,
  type ConflictPolicy,
  type LabelAlertsOptions,
  NEGATIVE_LEVELS,
  POSITIVE_LEVELS,
  RISK_LEVELS,
  type RiskLevel,
} from '@risk-scoring/labels';

/** How label rows are taken for labels. */
export interface AddressLabelReading {
  readonly positive: readonly RiskLevel[];
  readonly negative: readonly RiskLevel[];
  readonly dataSets: 'latest' | readonly string[];
  readonly resolving: LabelAlertsOptions;
}

/**
 * How a strategy takes label rows, as far as its settings say; as the strategy `address` does by default where they do not.
 *
 * @example
 * addressReadingOf(labelStrategyByName('address')).positive; // ['high', 'critical']
 */
export function addressReadingOf({ settings }: Pick<LabelStrategy, 'settings'>): AddressLabelReading {
  const { conflict_policy: policy, use_confidence: useConfidence, data_sets: dataSets } = settings;
  const priority = texts(settings.source_priority);
  return {
    positive: riskLevels(settings.positive_risk_levels) ?? POSITIVE_LEVELS,
    negative: riskLevels(settings.negative_risk_levels) ?? NEGATIVE_LEVELS,
    dataSets: texts(dataSets) ?? 'latest',
    resolving: {
      policy: isPolicy(policy) ? policy : 'highest-confidence',
      ...(priority === undefined ? {} : { sourcePriority: priority }),
      useConfidence: typeof useConfidence === 'boolean' ? useConfidence : true,
    },
  };
}

function riskLevels(value: unknown): RiskLevel[] | undefined {
  const listed = texts(value);
  return listed === undefined ? undefined : RISK_LEVELS.filter((level) => listed.includes(level));
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
}

function isPolicy(value: unknown): value is ConflictPolicy {
  return (CONFLICT_POLICIES as readonly unknown[]).includes(value);
}
