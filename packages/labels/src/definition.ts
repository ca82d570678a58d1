import type { LabelStrategy } from '@risk-scoring/contract';
import type { z } from 'zod';

/** What a strategy is made with besides its settings. */
export interface StrategySurroundings {
  /** What relative paths in settings start from: the folder of the configuration, or the working folder. Absolute. */
  readonly folder: string;
  /** Makes the strategies that this one is built on, by name, file or package. */
  load(specifier: string, settings: Readonly<Record<string, unknown>>): Promise<LabelStrategy>;
}

/** A strategy that can be chosen by name, and what its settings may be. */
export interface StrategyDefinition {
  readonly name: string;
  /** One sentence, for lists. */
  readonly summary: string;
  /** The settings as YAML has them: snake_case, each described and with its default. */
  readonly settings: z.ZodType;
  /** @param settings what `settings` made of what the user wrote */
  create(settings: never, surroundings: StrategySurroundings): LabelStrategy | Promise<LabelStrategy>;
}

/** A definition whose `create` takes what its `settings` give. */
export function defineStrategy<T extends z.ZodType>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly settings: T;
  create(settings: z.output<T>, surroundings: StrategySurroundings): LabelStrategy | Promise<LabelStrategy>;
}): StrategyDefinition {
  return definition;
}
