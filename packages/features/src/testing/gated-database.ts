import type { Database, Statement } from '@risk-scoring/storage';

/**
 * A database whose results wait for something, so that a test decides what happens between two of them.
 *
 * @param gate asked before every result; it waits for what it gives
 * @example
 * const gated = gatedDatabase(database, () => published);
 */
export function gatedDatabase(database: Database, gate: () => Promise<void> | undefined): Database {
  return new Proxy(database, {
    get(target, name) {
      if (name === 'arrowBatches') {
        return async function* (statement: Statement) {
          await gate();
          yield* target.arrowBatches(statement);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
