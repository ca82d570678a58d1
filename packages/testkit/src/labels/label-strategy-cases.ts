import type { LabelSet, LabelStrategy, TrainingData } from '@risk-scoring/contract';
import {
  assertSpecificationVersion,
  changedTables,
  hashTables,
  RiskScoringError,
  TRAINING_TABLES,
} from '@risk-scoring/contract';
import {
  check,
  checkCancelled,
  checkIsCancellation,
  checkPlainJson,
  checkSameBits,
  rejectionOf,
} from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { BROKEN_LABEL_SETS, soundLabelSet } from './broken-label-sets.ts';
import { checkAligned, checkRows, checkSameLabels } from './check-label-set.ts';

/** How tables may be stored without meaning anything else. */
export interface TableStorage {
  readonly textType?: 'utf8' | 'largeUtf8' | 'dictionary';
  readonly recordBatches?: number;
}

/** A strategy under test, and a period that it can label. */
export interface LabelStrategySubject {
  makeStrategy(): LabelStrategy | Promise<LabelStrategy>;
  makeData(storage?: TableStorage): TrainingData;
}

const seed = 42;

async function derive(subject: LabelStrategySubject, data = subject.makeData()): Promise<LabelSet> {
  return (await subject.makeStrategy()).deriveLabels(data.alerts, data, { seed });
}

/** What the contract promises of a label strategy. */
export const labelStrategyCases: readonly ConformanceCase<LabelStrategySubject>[] = [
  {
    name: 'carries the specification version',
    async run(subject) {
      assertSpecificationVersion(await subject.makeStrategy(), 'LabelStrategy');
    },
  },
  {
    name: 'has a name, settings as plain JSON and the tables it reads',
    async run(subject) {
      const { name, settings, requires } = await subject.makeStrategy();
      check(typeof name === 'string' && name.trim() !== '', 'the name is empty');
      checkPlainJson(settings, 'settings');
      for (const table of requires)
        check(TRAINING_TABLES.includes(table), `requires an unknown table '${table}'`);
    },
  },
  {
    name: 'gives every alert row a label, a weight and a source, or none of them',
    async run(subject) {
      const data = subject.makeData();
      const labelSet = await derive(subject, data);
      checkAligned(labelSet, data.alerts.numRows);
      checkRows(labelSet);
    },
  },
  {
    name: 'labels some alerts of both classes',
    async run(subject) {
      const { labels } = await derive(subject);
      const hint = 'give `data` that the strategy can label, or the other cases prove nothing';
      check(labels.includes(1), `no alert is labelled 1: ${hint}`);
      check(labels.includes(0), `no alert is labelled 0: ${hint}`);
    },
  },
  {
    name: 'gives the same labels for the same seed, each time and from each instance',
    async run(subject) {
      const data = subject.makeData();
      const strategy = await subject.makeStrategy();
      const first = await strategy.deriveLabels(data.alerts, data, { seed });
      const again = await strategy.deriveLabels(data.alerts, data, { seed });
      checkSameLabels(again, first, 'the second time');
      checkSameLabels(await derive(subject, data), first, 'another instance');
    },
  },
  {
    name: 'labels by what the tables hold, not by how they are stored',
    async run(subject) {
      const expected = await derive(subject);
      for (const storage of [
        { recordBatches: 3 },
        { textType: 'dictionary' },
        { textType: 'largeUtf8' },
      ] as const) {
        const found = await derive(subject, subject.makeData(storage));
        checkSameLabels(found, expected, `with ${JSON.stringify(storage)}`);
      }
    },
  },
  {
    name: 'reads no table that it does not require',
    async run(subject) {
      const { requires } = await subject.makeStrategy();
      const data = subject.makeData();
      const unread = TRAINING_TABLES.filter((table) => table !== 'alerts' && !requires.includes(table));
      const without = Object.fromEntries(unread.map((table) => [table, data[table].slice(0, 0)]));
      checkSameLabels(
        await derive(subject, { ...data, ...without }),
        await derive(subject, data),
        'without them',
      );
    },
  },
  {
    name: 'leaves the tables as they were',
    async run(subject) {
      const data = subject.makeData();
      const before = hashTables(data);
      await derive(subject, data);
      const changed = changedTables(before, hashTables(data));
      check(changed.length === 0, 'the strategy wrote into a buffer of the tables');
    },
  },
  {
    name: 'labels no alerts as no alerts',
    async run(subject) {
      const data = subject.makeData();
      const labelSet = await derive(subject, { ...data, alerts: data.alerts.slice(0, 0) });
      checkAligned(labelSet, 0);
    },
  },
  {
    name: 'rejects when its signal has aborted',
    async run(subject) {
      const data = subject.makeData();
      const strategy = await subject.makeStrategy();
      const signal = AbortSignal.abort(new Error('the user stopped'));
      const work = strategy.deriveLabels(data.alerts, data, { seed, signal });
      await checkCancelled(work, signal, 'deriveLabels');
    },
  },
  {
    name: 'rejects with nothing else when its signal aborts while it works',
    async run(subject) {
      const data = subject.makeData();
      const strategy = await subject.makeStrategy();
      const stop = new AbortController();
      const work = strategy.deriveLabels(data.alerts, data, { seed, signal: stop.signal });
      stop.abort(new Error('the user stopped'));
      // It may have been done already, then there is nothing to reject.
      const rejection = await rejectionOf(work);
      if (rejection !== undefined) checkIsCancellation(rejection.reason, stop.signal, 'deriveLabels');
    },
  },
  {
    name: 'accepts its own label set and any other that keeps the contract',
    async run(subject) {
      const strategy = await subject.makeStrategy();
      strategy.validateLabels(await derive(subject));
      strategy.validateLabels(soundLabelSet());
    },
  },
  ...Object.entries(BROKEN_LABEL_SETS).map(([what, labelSet]) => rejectsCase(what, labelSet)),
  {
    name: 'gives one finite weight ≥ 0 per row, 0 where unlabelled',
    async run(subject) {
      const labelSet = await derive(subject);
      const before = labelSet.weights.slice();
      const weights = (await subject.makeStrategy()).getLabelWeights(labelSet);
      check(weights instanceof Float32Array, 'the weights are no Float32Array');
      checkAligned({ ...labelSet, weights }, labelSet.labels.length);
      checkRows({ ...labelSet, weights });
      checkSameBits(labelSet.weights, before, 'getLabelWeights changed the weights of the label set');
    },
  },
];

function rejectsCase(what: string, labelSet: LabelSet): ConformanceCase<LabelStrategySubject> {
  return {
    name: `refuses a label set with ${what}`,
    async run(subject) {
      const strategy = await subject.makeStrategy();
      const rejection = await rejectionOf(Promise.resolve().then(() => strategy.validateLabels(labelSet)));
      check(rejection !== undefined, 'validateLabels let it pass');
      const { reason } = rejection;
      check(
        RiskScoringError.isInstance(reason) && reason.code === 'INVALID_LABEL_SET',
        `validateLabels threw something else than InvalidLabelSetError: ${reason}`,
      );
    },
  };
}
