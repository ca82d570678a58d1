import { describe, expect, it } from 'vitest';
import type { CaseOutcome, ConformanceCase } from '../conformance/conformance-case.ts';
import { runCase } from '../conformance/conformance-case.ts';

/** An implementation broken in one way, and the cases that have to notice. */
export interface Mutant<Subject> {
  readonly what: string;
  readonly subject: Subject;
  readonly noticedBy: readonly string[];
}

/** What a suite is tested with. */
export interface SuiteTrial<Subject> {
  readonly cases: readonly ConformanceCase<Subject>[];
  readonly sound: Subject;
  readonly mutants: readonly Mutant<Subject>[];
}

/** Tests a suite: a sound implementation passes every case, each mutant fails some, and each case fails for some mutant. */
export function describeSuiteTrial<Subject>(
  name: string,
  { cases, sound, mutants }: SuiteTrial<Subject>,
): void {
  const run = (caseName: string, subject: Subject): Promise<CaseOutcome> => {
    const found = cases.find((candidate) => candidate.name === caseName);
    if (found === undefined) throw new Error(`no case is named '${caseName}'`);
    return runCase(found, subject);
  };

  describe(name, () => {
    it.each(cases.map((conformanceCase) => conformanceCase.name))(
      'lets a sound implementation pass: %s',
      async (caseName) => {
        expect(await run(caseName, sound)).toEqual({ name: caseName, status: 'passed' });
      },
    );

    it.each(mutants)('notices $what', async ({ subject, noticedBy }) => {
      for (const caseName of noticedBy)
        expect(await run(caseName, subject)).toMatchObject({ status: 'failed' });
    });

    it('has no case that nothing can fail', () => {
      const noticing = new Set(mutants.flatMap(({ noticedBy }) => noticedBy));
      expect(
        cases.map((conformanceCase) => conformanceCase.name).filter((caseName) => !noticing.has(caseName)),
      ).toEqual([]);
    });
  });
}
