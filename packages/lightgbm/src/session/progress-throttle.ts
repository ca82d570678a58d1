/** Passes on reports, but not all. */
export interface Throttle<T> {
  report(value: T): void;
  /** Passes on the last report if it was held back. */
  flush(): void;
}

/** Passes on the first report, then at most one per `everyMs`, and the last one on `flush`. */
export function createThrottle<T>(
  everyMs: number,
  pass: (value: T) => void,
  now: () => number = () => performance.now(),
): Throttle<T> {
  let next = Number.NEGATIVE_INFINITY;
  let held: { value: T } | undefined;
  return {
    report(value) {
      const time = now();
      held = { value };
      if (time < next) return;
      next = time + everyMs;
      held = undefined;
      pass(value);
    },
    flush() {
      if (held) pass(held.value);
      held = undefined;
    },
  };
}
