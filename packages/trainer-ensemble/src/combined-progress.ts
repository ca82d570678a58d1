import type { TrainingProgress } from '@risk-scoring/contract';

type Listener = (progress: TrainingProgress) => void;

/**
 * One count of iterations over several trainings, one after the other. A training that ends early counts as the most it could have been, one that
 * reports nothing as 1. Trainings to come are taken to be as long as an earlier one of the same member, or the longest so far.
 */
export class CombinedProgress {
  readonly #memberOfPart: readonly number[];
  readonly #listener: Listener | undefined;
  readonly #sizes = new Map<number, number>();
  #part = 0;
  #done = 0;
  #reported = 0;
  #size: number | undefined;

  /** @param memberOfPart which member each training is of, in the order of the trainings */
  constructor(memberOfPart: readonly number[], listener: Listener | undefined) {
    this.#memberOfPart = memberOfPart;
    this.#listener = listener;
  }

  /** The listener of the training that comes now. */
  listen(name: string): Listener {
    const part = this.#part;
    return ({ iteration, maxIterations, metric }) => {
      if (part !== this.#part) return;
      this.#size = Math.max(this.#size ?? 1, maxIterations);
      this.#sizes.set(this.#memberOfPart[part], this.#size);
      const at = this.#done + Math.min(iteration, this.#size);
      this.#report(at, metric && { name: `${metric.name} of ${name}`, value: metric.value });
    };
  }

  /** The training is over. */
  finish(): void {
    const size = this.#size ?? 1;
    this.#sizes.set(this.#memberOfPart[this.#part], size);
    this.#done += size;
    this.#part += 1;
    this.#size = undefined;
    this.#report(this.#done, undefined);
  }

  #report(iteration: number, metric: TrainingProgress['metric']): void {
    if (iteration <= this.#reported) return;
    this.#reported = iteration;
    const progress = { iteration, maxIterations: this.#done + this.#toCome() };
    this.#listener?.(metric === undefined ? progress : { ...progress, metric });
  }

  #toCome(): number {
    const longest = Math.max(...this.#sizes.values());
    const sizes = this.#memberOfPart.slice(this.#part).map((member) => this.#sizes.get(member) ?? longest);
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}
