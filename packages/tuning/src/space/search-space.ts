/** What one parameter of a trial may be. */
export type ParameterValue = string | number | boolean;

/** The parameters of one trial, by name. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** A number between `low` and `high`, both included. */
export interface FloatParameter {
  readonly type: 'float';
  readonly low: number;
  readonly high: number;
  /** Search its logarithm: for scales such as learning rates. `low` is then above 0. */
  readonly log?: boolean;
  /** Only `low + k · step`, up to the last that is not above `high`. */
  readonly step?: number;
}

/** A whole number between `low` and `high`, both included. */
export interface IntParameter {
  readonly type: 'int';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  /** 1 where left out. */
  readonly step?: number;
}

/** One of some values, between which there is no order. */
export interface ChoiceParameter {
  readonly type: 'choice';
  readonly values: readonly ParameterValue[];
}

export type NumericParameter = FloatParameter | IntParameter;
export type SpaceParameter = NumericParameter | ChoiceParameter;

/** The parameters that are tuned, by name, as {@link parseSearchSpace} checked them. Every parameter is in every trial. */
export type SearchSpace = Readonly<Record<string, SpaceParameter>>;

/** The names of the parameter types. */
export const PARAMETER_TYPES = ['float', 'int', 'choice'] as const;
