import type { LabelSet } from '@risk-scoring/contract';

/** A label set with its first row labelled 1, its second 0 and its third unlabelled. */
export function soundLabelSet(): LabelSet {
  return {
    labels: Int8Array.of(1, 0, -1),
    weights: Float32Array.of(0.9, 0.5, 0),
    sources: { names: ['etherscan', 'sot'], codes: Int32Array.of(0, 1, -1) },
  };
}

/** Label sets that break the contract, by what is wrong with them. */
export const BROKEN_LABEL_SETS: Readonly<Record<string, LabelSet>> = {
  'a label other than 1, 0 and -1': { ...soundLabelSet(), labels: Int8Array.of(1, 2, -1) },
  'a weight that is NaN': { ...soundLabelSet(), weights: Float32Array.of(Number.NaN, 0.5, 0) },
  'a weight below 0': { ...soundLabelSet(), weights: Float32Array.of(0.9, -0.5, 0) },
  'a weight without bound': {
    ...soundLabelSet(),
    weights: Float32Array.of(0.9, Number.POSITIVE_INFINITY, 0),
  },
  'a weight for an unlabelled row': { ...soundLabelSet(), weights: Float32Array.of(0.9, 0.5, 0.1) },
  'fewer weights than labels': { ...soundLabelSet(), weights: Float32Array.of(0.9, 0.5) },
  'fewer source codes than labels': withCodes(0, 1),
  'a source code without a name': withCodes(0, 2, -1),
  'a label without a source': withCodes(0, -1, -1),
  'a source for an unlabelled row': withCodes(0, 1, 1),
};

function withCodes(...codes: number[]): LabelSet {
  const sound = soundLabelSet();
  return { ...sound, sources: { names: sound.sources.names, codes: Int32Array.from(codes) } };
}
