import type { LabelSet, LabelStrategy } from '@risk-scoring/contract';
import { InvalidLabelSetError } from '@risk-scoring/contract';
import { describeSuiteTrial } from '../testing/mutants.ts';
import { createSeverityStrategy } from '../testing/severity-strategy.ts';
import { BROKEN_LABEL_SETS } from './broken-label-sets.ts';
import type { LabelStrategySubject } from './label-strategy-cases.ts';
import { labelStrategyCases } from './label-strategy-cases.ts';
import { sampleTrainingData } from './sample-training-data.ts';

const subjectOf = (makeStrategy: () => LabelStrategy): LabelStrategySubject => ({
  makeStrategy,
  makeData: sampleTrainingData,
});

/** The sound strategy with something replaced. */
function mutant(
  what: string,
  overrides: (sound: LabelStrategy) => Partial<LabelStrategy>,
  noticedBy: string[],
) {
  return {
    what,
    noticedBy,
    subject: subjectOf(() => {
      const sound = createSeverityStrategy();
      return { ...sound, ...overrides(sound) };
    }),
  };
}

/** The sound strategy with its label set changed. */
function relabelling(
  what: string,
  change: (labelSet: LabelSet, call: number) => Partial<LabelSet>,
  noticedBy: string[],
) {
  let call = 0;
  return mutant(
    what,
    (sound) => ({
      deriveLabels: async (...parameters) => {
        const labelSet = await sound.deriveLabels(...parameters);
        return { ...labelSet, ...change(labelSet, call++) };
      },
    }),
    noticedBy,
  );
}

const sameSeed = 'gives the same labels for the same seed, each time and from each instance';
const complete = 'gives every alert row a label, a weight and a source, or none of them';

describeSuiteTrial('labelStrategyCases', {
  cases: labelStrategyCases,
  sound: subjectOf(createSeverityStrategy),
  mutants: [
    mutant('another specification version', () => ({ specificationVersion: 'v0' as 'v1' }), [
      'carries the specification version',
    ]),
    mutant('an empty name', () => ({ name: ' ' }), [
      'has a name, settings as plain JSON and the tables it reads',
    ]),
    mutant('settings that JSON loses', () => ({ settings: { levels: new Set(['high']) } }), [
      'has a name, settings as plain JSON and the tables it reads',
    ]),
    mutant('an unknown table', () => ({ requires: ['blocks' as 'alerts'] }), [
      'has a name, settings as plain JSON and the tables it reads',
    ]),
    relabelling('labels for too few rows', ({ labels }) => ({ labels: labels.slice(1) }), [complete]),
    relabelling(
      'labels in another array type',
      ({ labels }) => ({ labels: Array.from(labels) as unknown as Int8Array }),
      [complete],
    ),
    relabelling(
      'a label without a source',
      ({ sources }) => ({ sources: { ...sources, codes: sources.codes.fill(-1) } }),
      [complete],
    ),
    relabelling('weights of unlabelled rows', ({ weights }) => ({ weights: weights.fill(1) }), [complete]),
    relabelling(
      'one class only',
      ({ labels }) => ({ labels: labels.map((label) => (label === 0 ? 1 : label)) }),
      ['labels some alerts of both classes'],
    ),
    relabelling(
      'labels that change',
      ({ weights }, call) => ({ weights: weights.map((w) => w / (1 + call)) }),
      [sameSeed],
    ),
    mutant(
      'a strategy that sees the first record batch only',
      (sound) => ({
        deriveLabels: async (alerts, data, context) => {
          const labelSet = await sound.deriveLabels(alerts, data, context);
          const rows = alerts.batches[0]?.numRows ?? 0;
          return {
            labels: labelSet.labels.fill(-1, rows),
            weights: labelSet.weights.fill(0, rows),
            sources: { ...labelSet.sources, codes: labelSet.sources.codes.fill(-1, rows) },
          };
        },
      }),
      ['labels by what the tables hold, not by how they are stored'],
    ),
    mutant(
      'a table that it did not require',
      (sound) => ({
        deriveLabels: async (alerts, data, context) => {
          const labelSet = await sound.deriveLabels(alerts, data, context);
          const weight = data.features.numRows;
          return { ...labelSet, weights: labelSet.weights.map((w) => w * weight) };
        },
      }),
      ['reads no table that it does not require'],
    ),
    mutant(
      'a write into a table',
      (sound) => ({
        deriveLabels: async (alerts, data, context) => {
          alerts.getChild('alert_confidence_score')?.data[0]?.values.fill(1);
          return sound.deriveLabels(alerts, data, context);
        },
      }),
      ['leaves the tables as they were'],
    ),
    mutant(
      'an error for no alerts',
      (sound) => ({
        deriveLabels: async (alerts, data, context) => {
          if (alerts.numRows === 0) throw new RangeError('no alerts');
          return sound.deriveLabels(alerts, data, context);
        },
      }),
      ['labels no alerts as no alerts'],
    ),
    mutant(
      'a signal that is not heeded',
      (sound) => ({ deriveLabels: (alerts, data, { seed }) => sound.deriveLabels(alerts, data, { seed }) }),
      ['rejects when its signal has aborted'],
    ),
    mutant(
      'an error of its own for an abort',
      (sound) => ({
        deriveLabels: async (alerts, data, context) => {
          await Promise.resolve();
          if (context.signal?.aborted) throw new RangeError('oh');
          return sound.deriveLabels(alerts, data, context);
        },
      }),
      [
        'rejects when its signal has aborted',
        'rejects with nothing else when its signal aborts while it works',
      ],
    ),
    mutant('a validation that lets everything pass', () => ({ validateLabels: () => {} }), [
      ...Object.keys(BROKEN_LABEL_SETS).map((what) => `refuses a label set with ${what}`),
    ]),
    mutant(
      'a validation that refuses everything',
      () => ({
        validateLabels: () => {
          throw new InvalidLabelSetError({ strategy: 'x', expected: 'y', found: 'z' });
        },
      }),
      ['accepts its own label set and any other that keeps the contract'],
    ),
    mutant(
      'a validation with an error of its own',
      () => ({
        validateLabels: () => {
          throw new RangeError('bad');
        },
      }),
      ['refuses a label set with a weight below 0'],
    ),
    mutant('weights of another length', () => ({ getLabelWeights: ({ weights }) => weights.slice(1) }), [
      'gives one finite weight ≥ 0 per row, 0 where unlabelled',
    ]),
    mutant(
      'weights changed in place',
      () => ({ getLabelWeights: ({ weights }) => weights.map((_, i) => (weights[i] *= 2)) }),
      ['gives one finite weight ≥ 0 per row, 0 where unlabelled'],
    ),
  ],
});
