/** A reason why the library cannot be built that the reader can act on: shown without a stack trace. */
export class BuildError extends Error {
  name = 'BuildError';
}
