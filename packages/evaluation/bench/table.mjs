/**
 * Runs one piece of work a few times and keeps the fastest run, which is the one least disturbed by the machine.
 *
 * @param {string} name
 * @param {() => unknown} work
 * @returns {{ work: string, 'best of 3 (ms)': number }}
 */
export function measure(name, work) {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return { work: name, 'best of 3 (ms)': Math.round(best) };
}
