import { CancelledError } from '@risk-scoring/contract';
import { Booster } from '../booster.ts';
import { lightgbm } from '../capi/library.ts';
import { Dataset } from '../dataset.ts';
import { LightGBMDisposedError } from '../errors.ts';
import type { IterationReport } from '../training-loop.ts';
import type { OperationName, Operations } from './protocol.ts';
import { type DatasetEntry, train } from './worker-training.ts';

/** What an operation may look at and report to while it runs. */
export interface OperationContext {
  readonly isCancelled: () => boolean;
  readonly onProgress: (report: IterationReport) => void;
}

type Handlers = {
  readonly [Name in OperationName]: (
    input: Operations[Name]['input'],
    context: OperationContext,
  ) => Operations[Name]['output'];
};

/** The operations of one worker, which keep its datasets and models by number. */
export function createOperations(): Handlers {
  const datasets = new Map<number, DatasetEntry>();
  const models = new Map<number, Booster>();
  let lastNumber = 0;
  return {
    open() {
      lightgbm();
    },
    createDataset(input) {
      const dataset = Dataset.fromColumns(input);
      datasets.set(++lastNumber, { dataset, ...input.origin });
      return lastNumber;
    },
    disposeDataset(number) {
      datasets.get(number)?.dataset.dispose();
      datasets.delete(number);
    },
    train(input, watch) {
      return train(found(datasets, input.dataset, 'dataset'), input, watch);
    },
    loadModel(text) {
      const booster = Booster.fromString(text);
      models.set(++lastNumber, booster);
      return {
        model: lastNumber,
        featureNames: booster.featureNames,
        numTrees: booster.currentIteration * booster.treesPerIteration,
        gains: booster.featureImportance('gain'),
        splits: booster.featureImportance('split'),
      };
    },
    predict({ model, ...request }, { isCancelled }) {
      const betweenChunks = () => {
        if (isCancelled()) throw new CancelledError({ during: 'predicting' });
      };
      return found(models, model, 'model').predict({ ...request, betweenChunks });
    },
    disposeModel(number) {
      models.get(number)?.dispose();
      models.delete(number);
    },
    close() {
      for (const { dataset } of datasets.values()) dataset.dispose();
      for (const model of models.values()) model.dispose();
    },
  };
}

function found<T>(entries: ReadonlyMap<number, T>, number: number, what: string): T {
  const entry = entries.get(number);
  if (entry === undefined) throw new LightGBMDisposedError({ what });
  return entry;
}
