/** What a promise was rejected with; a value that it gave instead is shown as an error. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error as Error;
  }
  return new Error(`no failure, but ${JSON.stringify(value)}`);
}
