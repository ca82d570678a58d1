import type { GateReport } from '@risk-scoring/pipeline';

/** By what labels rows were judged, and why by others than in training. */
export function showUsedStrategy({ name, from, reason }: GateReport['labels']): string[] {
  const why = {
    model: 'which judged the models in training, too',
    caller: 'as asked for',
    reference: `the reference${reason === undefined ? '' : `, as ${reason}`}`,
  };
  return [`Labelled by '${name}', ${why[from]}, with all labels that are known by now.`];
}
