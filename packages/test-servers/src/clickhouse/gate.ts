/** Lets so many pieces of work run at once; the others wait in their order. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * @param places how many may run at once, at least 1
 * @example
 * const gate = createGate(3);
 * await gate(() => session.queryAsync('SELECT 1'));
 */
export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
