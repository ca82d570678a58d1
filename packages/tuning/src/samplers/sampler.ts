import type { JsonObject } from '../json.ts';
import type { Parameters, SearchSpace } from '../space/search-space.ts';
import type { Direction, TrialRecord } from '../trial.ts';

/**
 * Proposes what to try next. A sampler has no memory of its own: a proposal follows from its settings, the trials told so far and
 * the index alone, so that a study that was resumed goes on as if it had never stopped.
 */
export interface Sampler {
  readonly space: SearchSpace;
  /** Everything besides the space that proposals depend on; the study file keeps it. */
  readonly settings: JsonObject;
  /** Which values are good, where that matters to it. */
  readonly direction?: Direction;
  /**
   * The parameters of trial `index`.
   *
   * @param trials the finished trials of the study, by index
   * @returns undefined when there is nothing left to try
   */
  propose(trials: readonly TrialRecord[], index: number): Parameters | undefined;
}
