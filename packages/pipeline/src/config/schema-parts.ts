import { databaseName } from '@risk-scoring/storage';
import { z } from 'zod';

/** A text that says something. */
export const text = z.string({ error: 'must be a text' }).trim().min(1, 'must not be empty');

/** The name of a network. */
export const networkName = text.refine(
  (name) => isTaken(name, databaseName),
  'must be the name of a network: 1 to 63 characters of a-z, 0-9 and _',
);

/** One of a few names. */
export function oneOf<const T extends readonly string[]>(names: T) {
  return z.enum(names as readonly T[number][] as [T[number], ...T[number][]], {
    error: `must be one of ${names.join(', ')}`,
  });
}

/** Yes or no. */
export const yesOrNo = z.boolean({ error: 'must be true or false' });

/** A whole number of a range. */
export function whole({ least, most }: { readonly least: number; readonly most?: number }) {
  const message =
    most === undefined
      ? `must be a whole number of at least ${least}`
      : `must be a whole number from ${least} to ${most}`;
  return z.number({ error: message }).refine((value) => {
    return Number.isSafeInteger(value) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER);
  }, message);
}

/** Keys with values; a key that is not named here is refused. */
export function map<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, { error: 'must hold keys with values' });
}

/** Keys that somebody else checks: whoever takes them as settings. */
export const settings = z.record(z.string(), z.unknown(), { error: 'must hold keys with values' });

/** A list of which nothing stands twice. */
export function list<T extends z.ZodType<string>>(of: T) {
  return z.array(of, { error: 'must be a list' }).superRefine((entries, context) => {
    entries.forEach((entry, index) => {
      if (entries.indexOf(entry) === index) return;
      context.addIssue({ code: 'custom', path: [index], message: 'stands there twice' });
    });
  });
}

/** What is empty or left away has its defaults. */
export function orDefaults<T extends z.ZodType>(section: T) {
  return z.preprocess((value) => value ?? {}, section);
}

/** Whether a check lets a value pass. */
export function isTaken<T>(value: T, check: (value: T) => unknown): boolean {
  try {
    check(value);
    return true;
  } catch {
    return false;
  }
}
