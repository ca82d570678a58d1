import { InvalidSearchSpaceError, parseSearchSpace } from '@risk-scoring/tuning';
import { z } from 'zod';
import { TUNING_METRICS } from '../tuning/metrics.ts';
import { SAMPLERS } from '../tuning/samplers.ts';
import { map, oneOf, settings, text, whole, yesOrNo } from './schema-parts.ts';

const SECONDS = 'must be seconds above 0';

/** What is wrong with a space is told with the place of each parameter. */
const space = settings.superRefine((value, context) => {
  for (const { key, expected, found } of problemsOf(value)) {
    const name = Object.keys(value).find((each) => key === each || key.startsWith(`${each}.`));
    const path = name === undefined ? [] : [name, ...key.slice(name.length + 1).split('.')];
    context.addIssue({
      code: 'custom',
      path: path.filter((part) => part !== ''),
      message: `must be ${expected}, and is ${found}`,
    });
  }
});

/** How `tune` searches for settings of a trainer. */
export const tuning = map({
  space: space.optional(),
  sampler: oneOf(SAMPLERS).default('tpe'),
  trials: whole({ least: 1, most: 1_000_000 }).default(50),
  metric: oneOf(TUNING_METRICS).optional(),
  pruning: yesOrNo.default(true),
  study: text.optional(),
  timeout: z.number({ error: SECONDS }).positive(SECONDS).optional(),
});

function problemsOf(value: unknown): InvalidSearchSpaceError['problems'] {
  try {
    parseSearchSpace(value);
    return [];
  } catch (error) {
    if (error instanceof InvalidSearchSpaceError) return error.problems;
    throw error;
  }
}
