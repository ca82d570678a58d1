import { nearestNames, RiskScoringError } from '@risk-scoring/contract';

/** A data set of miner_labels that is asked for and not there. */
export class UnknownLabelSetError extends RiskScoringError {
  constructor({ wanted, known }: { readonly wanted: readonly string[]; readonly known: readonly string[] }) {
    const [nearest] = wanted.flatMap((name) => nearestNames(name, known, 1));
    super({
      code: 'UNKNOWN_LABEL_SET',
      category: 'data',
      summary: `There is no label data set ${wanted.join(', ')}.`,
      expected: 'data sets that were imported, written NAME@VERSION',
      found: known.length === 0 ? 'none in miner_labels' : known.join(', '),
      remedy:
        nearest === undefined
          ? 'import it with: risk-scoring labels import, or see risk-scoring labels list'
          : `write ${nearest} if that was meant`,
    });
  }
}
