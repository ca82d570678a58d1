import type { ModelTrainer, TrainRequest } from '@risk-scoring/contract';

/** One training that a watched trainer did. */
export interface WatchedTraining {
  readonly request: TrainRequest;
  /** Rows that its model predicted, in each call; undefined for all rows. */
  readonly predicted: (Int32Array | undefined)[];
  /** What it predicted then. */
  readonly scores: Float64Array[];
}

/** A trainer that does what another does, and what it was seen doing. */
export interface Watched {
  readonly trainer: ModelTrainer;
  readonly trainings: readonly WatchedTraining[];
  /** Models, and prepared data, that nobody has disposed of. */
  open(): { models: number; prepared: number };
}

/** What a watched trainer does otherwise. */
export interface Meddling extends Partial<Pick<ModelTrainer, 'name' | 'takesCounterWeights' | 'prepare'>> {
  /** Called before each training, with its number from 0. */
  readonly beforeTraining?: (number: number) => void;
}

/** Watches a trainer; models that it loads count, too. */
export function watchTrainer(trainer: ModelTrainer, { beforeTraining, ...changes }: Meddling = {}): Watched {
  const trainings: WatchedTraining[] = [];
  const open = { models: 0, prepared: 0 };
  const counted = <T extends { dispose(): Promise<void> }>(thing: T, kind: keyof typeof open): T => {
    open[kind] += 1;
    const dispose = async () => {
      open[kind] -= 1;
      await thing.dispose();
    };
    return { ...thing, dispose };
  };
  // The trainer knows its prepared data by identity.
  const originals = new WeakMap<object, TrainRequest['prepared']>();
  return {
    trainings,
    open: () => ({ ...open }),
    trainer: {
      ...trainer,
      async prepare(data, rows) {
        const prepared = (await trainer.prepare?.(data, rows)) ?? { dispose: async () => {} };
        const handle = counted(prepared, 'prepared');
        originals.set(handle, trainer.prepare && prepared);
        return handle;
      },
      async train(request) {
        beforeTraining?.(trainings.length);
        const predicted: (Int32Array | undefined)[] = [];
        const scores: Float64Array[] = [];
        trainings.push({ request, predicted, scores });
        const { prepared, ...plain } = request;
        const original = prepared && originals.get(prepared);
        const model = await trainer.train(original === undefined ? plain : { ...plain, prepared: original });
        return counted(
          {
            ...model,
            async predict(data, options) {
              const found = await model.predict(data, options);
              predicted.push(options?.rows);
              scores.push(found);
              return found;
            },
          },
          'models',
        );
      },
      load: async (artifacts) => counted(await trainer.load(artifacts), 'models'),
      ...changes,
    },
  };
}
