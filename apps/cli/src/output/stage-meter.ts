import type { ProgressParts } from './progress-line.ts';
import { RateMeter } from './rate-meter.ts';
import { clock, shortBytes, shortNumber } from './short-number.ts';

/** One report of progress, whatever the work. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly detail?: string | undefined;
  /** Rows worked on so far in this stage, and how many there will be, where that is known. */
  readonly rows?: number | undefined;
  readonly totalRows?: number | undefined;
  /** Likewise bytes. */
  readonly bytes?: number | undefined;
  readonly totalBytes?: number | undefined;
}

/** A time left that is longer than this is a guess that helps nobody. */
const LONGEST_LEFT_S = 30 * 86_400;

/** How far, how fast and how long still: one stage of the work, from its reports. */
export class StageMeter {
  readonly #startedAt: number;
  readonly #rates = { rows: new RateMeter(), bytes: new RateMeter(), steps: new RateMeter() };
  #last: Progress;

  constructor(first: Progress, now: number) {
    this.#startedAt = now;
    this.#last = first;
    this.add(first, now);
  }

  add(progress: Progress, now: number): void {
    this.#last = progress;
    this.#rates.steps.add(amount(progress.done) ?? 0, now);
    for (const unit of ['rows', 'bytes'] as const) {
      const value = amount(progress[unit]);
      if (value !== undefined) this.#rates[unit].add(value, now);
    }
  }

  /** What there is to show at a time (ms). */
  parts(now: number): ProgressParts {
    const { stage, detail } = this.#last;
    const extent = extentOf(this.#last);
    return {
      stage,
      detail,
      fraction: extent && extent.done / extent.total,
      ...this.#figures(now),
      time: this.#timeLeft(now, extent) ?? `for ${clock((now - this.#startedAt) / 1000)}`,
    };
  }

  #figures(now: number): Pick<ProgressParts, 'amount' | 'rate'> {
    const rows = amount(this.#last.rows);
    const bytes = amount(this.#last.bytes);
    const show = rows ? (value: number) => `${shortNumber(value)} rows` : shortBytes;
    const shown = rows || bytes;
    if (!shown) return {};
    const rate = this.#rates[rows ? 'rows' : 'bytes'].perSecond(now);
    return { amount: show(shown), rate: rate === undefined ? undefined : `${show(rate)}/s` };
  }

  #timeLeft(now: number, extent: Extent | undefined): string | undefined {
    if (extent === undefined || extent.done === extent.total) return undefined;
    const rate = this.#rates[extent.unit].perSecond(now);
    const seconds = rate ? (extent.total - extent.done) / rate : Number.POSITIVE_INFINITY;
    return seconds <= LONGEST_LEFT_S ? `${clock(Math.ceil(seconds))} left` : undefined;
  }
}

interface Extent {
  readonly unit: 'rows' | 'bytes' | 'steps';
  readonly done: number;
  readonly total: number;
}

/** The finest measure whose total is known; a total that was passed is none. */
function extentOf({ rows, totalRows, bytes, totalBytes, done, total }: Progress): Extent | undefined {
  const candidates = [
    ['rows', rows, totalRows],
    ['bytes', bytes, totalBytes],
    ['steps', done, total],
  ] as const;
  for (const [unit, part, whole] of candidates) {
    const [reached, all] = [amount(part), amount(whole)];
    if (reached !== undefined && all !== undefined && all > 0 && reached <= all) {
      return { unit, done: reached, total: all };
    }
  }
  return undefined;
}

/** A number that can be an amount. */
export function amount(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}
