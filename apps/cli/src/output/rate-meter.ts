/** The speed is that of these last milliseconds. */
const WINDOW_MS = 5_000;
/** Where reports are rarer than that, it is that of the last two intervals. */
const FEWEST_SAMPLES = 3;
/** Reports that come closer together than this are one sample. */
const SAMPLE_MS = 50;
/** What was watched for a shorter time says nothing about the speed yet. */
const SHORTEST_MS = 500;

interface Sample {
  readonly at: number;
  readonly amount: number;
}

/**
 * How fast an amount grows at the moment: over the last seconds, not since the start, so that a slow first step or a
 * change of pace does not stay in the figure.
 *
 * @example
 * const meter = new RateMeter();
 * meter.add(0, performance.now());
 * meter.add(50_000, performance.now());
 * meter.perSecond(performance.now()); // undefined until half a second was watched
 */
export class RateMeter {
  #samples: Sample[] = [];

  /** Notes how much there is at a time (ms). An amount that shrinks begins anew: it is another work, or a repetition. */
  add(amount: number, at: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && amount < last.amount) this.#samples = [];
    else if (last?.amount === amount) return;
    const beforeLast = this.#samples.at(-2);
    if (beforeLast !== undefined && at - beforeLast.at < SAMPLE_MS) this.#samples.pop();
    this.#samples.push({ at, amount });
    this.#forget(at);
  }

  /**
   * Units per second at a time (ms); 0 when nothing came for much longer than usual; undefined while it cannot be told.
   */
  perSecond(now: number): number | undefined {
    this.#forget(now);
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || first === last) return undefined;
    const usual = this.#longestInterval();
    const silence = now - last.at;
    if (silence > Math.max(WINDOW_MS, 3 * usual)) return 0;
    // Waiting for the next report is no slowness, until it takes longer than the others did.
    const elapsed = last.at - first.at + Math.max(0, silence - usual);
    return elapsed < SHORTEST_MS ? undefined : ((last.amount - first.amount) / elapsed) * 1000;
  }

  #forget(now: number): void {
    const samples = this.#samples;
    let old = 0;
    while (samples.length - old > FEWEST_SAMPLES && (samples[old + 1]?.at ?? now) <= now - WINDOW_MS)
      old += 1;
    if (old > 0) samples.splice(0, old);
  }

  #longestInterval(): number {
    let longest = 0;
    for (const [index, sample] of this.#samples.entries()) {
      longest = Math.max(longest, sample.at - (this.#samples[index - 1]?.at ?? sample.at));
    }
    return longest;
  }
}
