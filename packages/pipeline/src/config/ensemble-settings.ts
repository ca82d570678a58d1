import type { ModelTrainer } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { createEnsembleTrainer } from '@risk-scoring/trainer-ensemble';
import { z } from 'zod';
import type { TrainerRequest } from '../registry.ts';
import { map, oneOf, orDefaults, settings, text, whole } from './schema-parts.ts';
import { checkTrainerSettings, withoutUndefined } from './trainer-settings.ts';

/** How members of an ensemble are made. */
export interface MemberFactory {
  /** The trainers that can be members. */
  readonly names: readonly string[];
  readonly create: (
    name: string,
    request: { readonly settings: TrainerRequest['settings']; readonly origin?: TrainerRequest['origin'] },
  ) => ModelTrainer;
}

/** What is taken where nobody names members: trees of two kinds. */
const DEFAULT_MEMBERS = [{ trainer: 'lightgbm' }, { trainer: 'xgboost' }];

/**
 * An ensemble of settings as YAML has them: `method` (average, stacking), `members`, each with `trainer`, `settings`, `weight` and `name`, and `folds`.
 *
 * @throws {InvalidSettingsError | InvalidInputError} for values that cannot be meant, those of members among them
 * @example
 * ensembleTrainerOf({ modelType, settings: { method: 'stacking', members: [{ trainer: 'lightgbm' }, { trainer: 'xgboost' }] } }, factory);
 */
export function ensembleTrainerOf(request: TrainerRequest, { names, create }: MemberFactory): ModelTrainer {
  const member = map({
    trainer: oneOf(names),
    settings: orDefaults(settings).default({}),
    weight: z.number({ error: 'must be a number above 0' }).positive('must be a number above 0').optional(),
    name: text.optional(),
  });
  const schema = map({
    method: oneOf(['average', 'stacking']).default('average'),
    members: z
      .array(member, { error: 'must be a list of members' })
      .min(1, 'must name at least one member')
      .prefault(DEFAULT_MEMBERS),
    folds: whole({ least: 2 }).optional(),
  });
  const { method, members, folds } = checkTrainerSettings(schema, 'ensemble', request);
  const { origin } = request;
  return createEnsembleTrainer({
    modelType: request.modelType,
    method,
    members: members.map(({ trainer, weight, name, settings }, index) => ({
      trainer: create(trainer, {
        settings,
        ...(origin && {
          origin: { ...origin, whereOf: (path) => origin.whereOf(['members', index, 'settings', ...path]) },
        }),
      }),
      ...withoutUndefined({ weight, name }),
    })),
    splitter: createAddressSplitter(),
    ...withoutUndefined({ folds }),
  });
}
