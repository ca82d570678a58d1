import { InvalidInputError } from '@risk-scoring/contract';
import { describe, it } from 'vitest';
import type { CaseOutcome, ConformanceCase, ConformanceOptions } from './conformance-case.ts';
import { runCase } from './conformance-case.ts';

/** Makes a vitest suite of cases: one `it` per case. */
export function describeCases<Subject>(
  name: string,
  suite: { readonly cases: readonly ConformanceCase<Subject>[]; readonly subject: Subject },
  { knownFailures = {}, timeout = 60_000 }: ConformanceOptions,
): void {
  assertKnownCases(suite.cases, knownFailures);
  describe(name, () => {
    for (const conformanceCase of suite.cases) {
      const reason = knownFailures[conformanceCase.name];
      const title =
        reason === undefined ? conformanceCase.name : `${conformanceCase.name} (known failure: ${reason})`;
      it(title, { timeout }, async (context) => {
        const outcome = await runCase(conformanceCase, suite.subject, reason);
        if (outcome.status === 'skipped') context.skip(outcome.reason);
        throwIfBad(outcome);
      });
    }
  });
}

function throwIfBad(outcome: CaseOutcome): void {
  if (outcome.status === 'failed') throw outcome.error;
  if (outcome.status === 'unexpectedly-passed') {
    throw new Error(
      `'${outcome.name}' passes, although it is a known failure: ${outcome.reason}. Remove it from knownFailures.`,
    );
  }
}

/** A misspelt known failure would silently expect nothing. */
function assertKnownCases(
  cases: readonly ConformanceCase<never>[],
  knownFailures: Readonly<Record<string, string>>,
): void {
  const names = cases.map(({ name }) => name);
  const unknown = Object.keys(knownFailures).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new InvalidInputError({
    what: 'The known failure',
    expected: `the name of a case: ${names.map((name) => `'${name}'`).join(', ')}`,
    found: unknown.join(', '),
  });
}
