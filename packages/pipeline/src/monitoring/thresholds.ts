import { InvalidInputError } from '@risk-scoring/contract';

/** From where on a change is reported. */
export interface MonitorThresholds {
  /** Population stability index of the scores. */
  readonly scorePsi: number;
  /** Index from which on a feature counts as drifted. */
  readonly featurePsi: number;
  /** Share of the features in use that may have drifted. */
  readonly driftedShare: number;
  /** By how much the share of missing values of a feature in use may rise. */
  readonly missingIncrease: number;
  /** By how much the share of positives may differ from that of the training. */
  readonly labelDrift: number;
  /** The least realised AUC on addresses that the model has not learned from; null: none but what the model promised. */
  readonly minAuc: number | null;
}

/** How many features, those of most gain first, may each not drift. */
export const TOP_FEATURES = 10;

/** Standard errors beyond which two positive rates differ by more than chance: 1 in 1000 on either side together. */
export const RATE_Z = 3.29;

/** Addresses that must be labelled, and how many of each class, before an AUC is held against a model: with fewer its interval is too narrow. */
export const LEAST_ADDRESSES = 20;

/**
 * What is reported where nobody says otherwise. 0.25 is the customary limit of the population stability index (Siddiqi, Credit Risk Scorecards,
 * 2006). A fifth of the features, and ten points of missing values or of positives, are what one would look into by hand.
 */
export const DEFAULT_THRESHOLDS: MonitorThresholds = {
  scorePsi: 0.25,
  featurePsi: 0.25,
  driftedShare: 0.2,
  missingIncrease: 0.1,
  labelDrift: 0.1,
  minAuc: null,
};

/**
 * The defaults, but for what is given.
 *
 * @throws {InvalidInputError} on a threshold that cannot be meant
 */
export function thresholdsOf(given: Partial<MonitorThresholds> = {}): MonitorThresholds {
  const thresholds = { ...DEFAULT_THRESHOLDS, ...given };
  for (const [name, value] of Object.entries(thresholds)) {
    const most = name.endsWith('Psi') ? Number.POSITIVE_INFINITY : 1;
    if (value === null || (value >= 0 && value <= most)) continue;
    throw new InvalidInputError({
      what: `The threshold ${name}`,
      expected: most === 1 ? 'a share, 0 to 1' : 'a number from 0 on',
      found: value,
    });
  }
  return thresholds;
}
