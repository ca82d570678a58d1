/**
 * Works through a list with several hands, in its order. After a failure nothing new is begun; what is under way is waited for, and
 * then the first failure comes out.
 *
 * @param hands how many items may be under way at once
 */
export async function inParallel<T>(
  items: readonly T[],
  hands: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const hand = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: hands }, hand));
  if (failures.length > 0) throw failures[0];
}
