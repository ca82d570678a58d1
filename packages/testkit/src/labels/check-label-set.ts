import type { LabelSet } from '@risk-scoring/contract';
import { UNLABELLED } from '@risk-scoring/contract';
import { check } from '../conformance/check.ts';

/** Checks that a label set holds one entry per alert row, of the right array types. */
export function checkAligned({ labels, weights, sources }: LabelSet, rows: number): void {
  check(labels instanceof Int8Array, 'labels are no Int8Array');
  check(weights instanceof Float32Array, 'weights are no Float32Array');
  check(sources.codes instanceof Int32Array, 'source codes are no Int32Array');
  for (const [what, { length }] of Object.entries({ labels, weights, 'source codes': sources.codes })) {
    check(length === rows, `${length} ${what} for ${rows} alert rows`);
  }
}

/** Checks that every row is labelled with a weight and a source, or unlabelled with neither. */
export function checkRows({ labels, weights, sources }: LabelSet): void {
  const { names, codes } = sources;
  check(new Set(names).size === names.length, `source names are not distinct: ${names.join(', ')}`);
  for (let row = 0; row < labels.length; row++) {
    const [label, weight, code] = [labels[row], weights[row], codes[row]];
    check([1, 0, UNLABELLED].includes(label), `row ${row} has the label ${label}`);
    check(Number.isFinite(weight) && weight >= 0, `row ${row} has the weight ${weight}`);
    if (label === UNLABELLED) {
      check(weight === 0, `row ${row} is unlabelled but weighs ${weight}`);
      check(code === -1, `row ${row} is unlabelled but has the source code ${code}`);
    } else {
      check(code >= 0 && code < names.length, `row ${row} is labelled but has the source code ${code}`);
    }
  }
}

/** Checks that two label sets say the same; source codes are compared by the names behind them. */
export function checkSameLabels(found: LabelSet, expected: LabelSet, what: string): void {
  check(found.labels.length === expected.labels.length, `${what}: ${found.labels.length} rows`);
  for (let row = 0; row < expected.labels.length; row++) {
    const [a, b] = [describeRow(found, row), describeRow(expected, row)];
    check(a === b, `${what}: row ${row} is ${a} instead of ${b}`);
  }
}

function describeRow({ labels, weights, sources }: LabelSet, row: number): string {
  return `label ${labels[row]}, weight ${weights[row]}, source ${sources.names[sources.codes[row]] ?? 'none'}`;
}
