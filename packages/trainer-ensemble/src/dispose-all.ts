/** Something that may hold native memory. */
interface Disposable {
  dispose(): Promise<void>;
}

/**
 * Disposes of all of them, also where one fails; then throws what the first one threw.
 *
 * @example
 * await disposeAll([model, undefined]);
 */
export async function disposeAll(items: readonly (Disposable | undefined)[]): Promise<void> {
  const outcomes = await Promise.allSettled(items.map(async (item) => item?.dispose()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Disposes of all of them where something else has failed already: that is what the caller is to hear of. */
export async function disposeAfterFailure(items: readonly (Disposable | undefined)[]): Promise<void> {
  await Promise.allSettled(items.map(async (item) => item?.dispose()));
}

/** The same work however often it is asked for: the owner of parts disposes of them once. */
export function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
