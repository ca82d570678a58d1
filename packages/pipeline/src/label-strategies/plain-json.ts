/** Far deeper than settings are nested; what is deeper goes round in a circle. */
const DEEPEST = 50;

/**
 * Why a value does not survive being written as JSON and read again; undefined where it does.
 *
 * @param name what it is called in the answer
 * @example
 * whyNotPlain({ share: Number.NaN }, 'settings'); // 'settings.share: NaN'
 */
export function whyNotPlain(value: unknown, name: string, depth = 0): string | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${name}: ${value}`;
  if (typeof value !== 'object') return `${name}: ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  if (depth > DEEPEST) return `${name.slice(0, 60)}…: nested deeper than ${DEEPEST}`;
  if (Array.isArray(value)) {
    return firstOf(
      value.map((each, index) => [`${name}[${index}]`, each] as const),
      depth,
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // A module that was run elsewhere has another Object; its prototype is the last of the chain all the same.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return `${name}: a ${value.constructor?.name ?? 'class'}`;
  }
  return firstOf(
    Object.entries(value).map(([key, each]) => [`${name}.${key}`, each] as const),
    depth,
  );
}

function firstOf(entries: readonly (readonly [string, unknown])[], depth: number): string | undefined {
  for (const [name, value] of entries) {
    const problem = whyNotPlain(value, name, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
