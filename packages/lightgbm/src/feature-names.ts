import { LightGBMDataError } from './errors.ts';

/**
 * Refuses names that LightGBM would change or refuse: white space becomes `_`, and characters with a meaning in
 * JSON are not allowed (`Dataset::set_feature_names`). A changed name would no longer be the name of its column.
 *
 * @throws {LightGBMDataError}
 */
export function assertFeatureNames(names: readonly string[], columns: number): void {
  if (names.length !== columns) throw unusable(`${columns} names, one per column`, `${names.length} names`);
  const seen = new Set<string>();
  for (const name of names) {
    if (name === '' || /[\s",:[\]{}\0]/.test(name)) {
      throw unusable('names that are not empty, without white space and " , : [ ] { }', JSON.stringify(name));
    }
    if (seen.has(name)) throw unusable('each name once', `${JSON.stringify(name)} twice`);
    seen.add(name);
  }
}

function unusable(expected: string, found: string): LightGBMDataError {
  return new LightGBMDataError({ what: 'A list of feature names', expected, found });
}
