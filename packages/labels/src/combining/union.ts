import { InvalidInputError, type LabelStrategy, type TrainingTable } from '@risk-scoring/contract';

/** What several strategies read together. */
export function readsOf(
  strategies: readonly Pick<LabelStrategy, 'requires' | 'columns'>[],
): Pick<LabelStrategy, 'requires' | 'columns'> {
  const requires = [...new Set(strategies.flatMap((strategy) => strategy.requires))];
  const columns: Partial<Record<TrainingTable, readonly string[]>> = {};
  for (const table of requires) {
    const lists = strategies
      .filter((strategy) => strategy.requires.includes(table))
      .map((strategy) => strategy.columns?.[table]);
    // One that does not say which columns it reads gets them all.
    if (lists.includes(undefined)) continue;
    columns[table] = [...new Set(lists.flatMap((list) => list ?? []))];
  }
  return { requires, columns };
}

/** The columns that the labels of any of several strategies are made of. */
export function definedByOf(
  strategies: readonly Pick<LabelStrategy, 'definedBy'>[],
): Pick<LabelStrategy, 'definedBy'> {
  const definedBy: Partial<Record<TrainingTable, readonly string[]>> = {};
  for (const strategy of strategies) {
    for (const [table, columns] of Object.entries(strategy.definedBy ?? {}) as [TrainingTable, string[]][]) {
      definedBy[table] = [...new Set([...(definedBy[table] ?? []), ...columns])];
    }
  }
  return Object.keys(definedBy).length > 0 ? { definedBy } : {};
}

/**
 * Refuses a strategy that needs models, or learns without labels, inside another one.
 *
 * @throws {InvalidInputError} for such a strategy
 */
export function assertPlain(strategy: LabelStrategy, within: string): void {
  if (strategy.refineLabels === undefined && strategy.unsupervised !== true) return;
  throw new InvalidInputError({
    what: `The strategy '${strategy.name}' inside '${within}'`,
    expected: 'a strategy that labels without the help of models',
    found: `'${strategy.name}'`,
    remedy: `choose '${strategy.name}' itself as the strategy, and name the others as its base`,
  });
}
