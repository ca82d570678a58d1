import { z } from 'zod';
import type { TrainerRequest } from '../registry.ts';
import { checkSettings } from './check-settings.ts';
import { text, whole } from './schema-parts.ts';

/** Whoever sets it here would set it twice. */
const SEEDS = ['seed', 'random_seed', 'random_state'];

/**
 * Settings of a library that boosts trees: what is chosen of training, and the library's own parameters besides.
 *
 * @param value what a parameter must be, for the message
 * @param lists whether a parameter may be a list
 */
export function boosterSettings(value: string, lists: boolean) {
  const single = [z.string(), z.number(), z.boolean()] as const;
  const parameter = lists
    ? z.union([...single, z.array(z.union([z.string(), z.number()]))], { error: value })
    : z.union([...single], { error: value });
  return z
    .object(
      {
        max_rounds: whole({ least: 1 }).optional(),
        early_stopping_rounds: whole({ least: 0 }).optional(),
        early_stopping_metric: text.optional(),
        threads: whole({ least: 1 }).optional(),
      },
      { error: 'must hold settings' },
    )
    .catchall(parameter)
    .superRefine((settings, context) => {
      for (const name of SEEDS.filter((seed) => Object.hasOwn(settings, seed)))
        context.addIssue({ code: 'custom', path: [name], message: 'is decided by training.seed or --seed' });
    });
}

/**
 * The settings of a trainer, checked.
 *
 * @throws {InvalidSettingsError} naming all that is wrong, each with its place
 */
export function checkTrainerSettings<T extends z.ZodType>(
  schema: T,
  name: string,
  { settings, origin }: Pick<TrainerRequest, 'settings' | 'origin'>,
): z.output<T> {
  const of = `the trainer '${name}'`;
  return checkSettings(schema, settings, origin === undefined ? { of } : { of, origin });
}

/** The entries that have a value: options that are left away have their defaults. */
export function withoutUndefined<T extends Readonly<Record<string, unknown>>>(
  options: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
