import type { StrategyDefinition } from './definition.ts';
import { addressDefinition } from './strategies/address.ts';
import { alertDefinition } from './strategies/alert.ts';
import { anomalyDefinition } from './strategies/anomaly.ts';
import { combinedDefinition } from './strategies/combined.ts';
import { customDefinition } from './strategies/custom.ts';
import { heuristicDefinition } from './strategies/heuristic.ts';
import { positiveUnlabelledDefinition } from './strategies/positive-unlabelled.ts';
import { proxyDefinition } from './strategies/proxy.ts';
import { semiSupervisedDefinition } from './strategies/semi-supervised.ts';
import { unsupervisedDefinition } from './strategies/unsupervised.ts';

/** Every strategy that can be chosen by name; the first is the default. */
export const LABEL_STRATEGIES: readonly StrategyDefinition[] = [
  addressDefinition,
  proxyDefinition,
  anomalyDefinition,
  alertDefinition,
  customDefinition,
  combinedDefinition,
  heuristicDefinition,
  semiSupervisedDefinition,
  positiveUnlabelledDefinition,
  unsupervisedDefinition,
];
