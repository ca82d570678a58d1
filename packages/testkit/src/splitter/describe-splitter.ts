import type { SplitRequest, Splitter } from '@risk-scoring/contract';
import { makeSplitRequest } from '../builders/make-split-request.ts';
import type { ConformanceOptions } from '../conformance/conformance-case.ts';
import { describeCases } from '../conformance/describe-cases.ts';
import { splitterCases } from './splitter-cases.ts';

/** Options of {@link describeSplitter}. */
export interface SplitterSuiteOptions extends ConformanceOptions {
  /** Whether no split group (address) may be on both sides. Default true; false for a random or temporal splitter. */
  readonly keepsGroupsTogether?: boolean;
  /** Whether rows may be on neither side, as a temporal splitter may leave out the first ones. Default false. */
  readonly leavesOutRows?: boolean;
  /** How far the held-out fraction may be from the one asked for. Default 0.05. */
  readonly fractionTolerance?: number;
  /** Makes the rows to split, the same each time. Default: `makeSplitRequest(1)`. */
  readonly request?: () => SplitRequest;
}

/**
 * The conformance suite of splitters, as a vitest suite: one call in a test file.
 *
 * @param name of the suite
 * @param makeSplitter makes a new instance each time
 * @throws {InvalidInputError} where a known failure names no case
 * @example
 * describeSplitter('by address', () => createAddressSplitter());
 */
export function describeSplitter(
  name: string,
  makeSplitter: () => Splitter | Promise<Splitter>,
  options: SplitterSuiteOptions = {},
): void {
  const subject = {
    makeSplitter,
    makeRequest: options.request ?? (() => makeSplitRequest(1)),
    keepsGroupsTogether: options.keepsGroupsTogether ?? true,
    leavesOutRows: options.leavesOutRows ?? false,
    fractionTolerance: options.fractionTolerance ?? 0.05,
  };
  describeCases(name, { cases: splitterCases, subject }, options);
}
