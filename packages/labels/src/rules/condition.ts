import { z } from 'zod';

const value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'must be a text, a number, true or false',
});
const number = z.number({ error: 'must be a number' });
const percentile = z
  .number({ error: 'must be a percentile from 0 to 100' })
  .min(0, 'must be a percentile from 0 to 100')
  .max(100, 'must be a percentile from 0 to 100');

const comparisons = {
  equals: value.optional(),
  not_equals: value.optional(),
  in: z.array(value, { error: 'must be a list of values' }).min(1, 'must name at least one value').optional(),
  above: number.optional(),
  at_least: number.optional(),
  below: number.optional(),
  at_most: number.optional(),
  above_percentile: percentile.optional(),
  below_percentile: percentile.optional(),
};

/** The comparisons that a condition may make. */
export const COMPARISONS = Object.keys(comparisons) as (keyof typeof comparisons)[];

const comparison = z
  .strictObject({
    column: z
      .string({ error: 'must be a column' })
      .regex(
        /^(alerts|features)\.\w+$/,
        'must be a column such as alerts.volume_usd or features.is_new_address',
      ),
    ...comparisons,
  })
  .refine((condition) => COMPARISONS.some((name) => condition[name] !== undefined), {
    error: `must compare: ${COMPARISONS.join(', ')}`,
  });

/** A comparison of one column; all that it says must hold. */
export type Comparison = z.infer<typeof comparison>;

/** When a rule applies. */
export type Condition =
  | Comparison
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

const list = z
  .array(
    z.lazy(() => conditionSchema),
    { error: 'must be a list of conditions' },
  )
  .min(1, 'must hold at least one condition');

/** {@link Condition}, as YAML has it. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union(
    [
      comparison,
      z.strictObject({ all: list }),
      z.strictObject({ any: list }),
      z.strictObject({ not: conditionSchema }),
    ],
    {
      error: 'must be a condition: column with a comparison, or all, any or not',
    },
  ),
);

/** The columns that a condition reads, by table. */
export function columnsOfCondition(condition: Condition): { alerts: string[]; features: string[] } {
  if ('column' in condition) {
    const [table = '', column = ''] = condition.column.split('.');
    return { alerts: table === 'alerts' ? [column] : [], features: table === 'features' ? [column] : [] };
  }
  const inner = 'not' in condition ? [condition.not] : 'all' in condition ? condition.all : condition.any;
  const read = inner.map(columnsOfCondition);
  return {
    alerts: read.flatMap(({ alerts }) => alerts),
    features: read.flatMap(({ features }) => features),
  };
}
