import { Booster } from '../booster.ts';
import type { Dataset } from '../dataset.ts';
import { LightGBMDataError } from '../errors.ts';
import { checkParameters, refuseParameters } from '../parameters.ts';
import { type IterationReport, runTrainingLoop } from '../training-loop.ts';
import type { TrainingInput, TrainingResult } from './protocol.ts';
import { type DatasetRows, inDatasetOrder, rowPositions, runLengths } from './row-positions.ts';
import { taughtRows } from './taught-rows.ts';

/** A dataset as the worker keeps it: with the rows of the matrix that it was made of. */
export interface DatasetEntry extends DatasetRows {
  readonly dataset: Dataset;
}

/** What looks after a training from outside. */
export interface TrainingWatch {
  readonly isCancelled: () => boolean;
  readonly onProgress: (report: IterationReport) => void;
}

/** One training, from bins that are there already to a model text. Frees all it makes. */
export function train(entry: DatasetEntry, input: TrainingInput, watch: TrainingWatch): TrainingResult {
  assertTrainingInput(entry, input);
  const disposables: Disposable[] = [];
  const keep = <T extends Disposable>(made: T): T => {
    disposables.push(made);
    return made;
  };
  try {
    const trainData = keep(
      labelledSubset(entry, input, { what: 'The training rows', rows: input.trainRows }),
    );
    const booster = keep(Booster.create(trainData, input.parameters));
    let validation: number | undefined;
    if (input.validationRows.length > 0) {
      const rows = { what: 'The validation rows', rows: input.validationRows };
      validation = booster.addValidation(keep(labelledSubset(entry, input, rows)));
    }
    const outcome = runTrainingLoop(booster, {
      maxRounds: input.maxRounds,
      validation,
      earlyStopping: validation === undefined ? undefined : input.earlyStopping,
      isCancelled: watch.isCancelled,
      onIteration: watch.onProgress,
    });
    return {
      model: booster.saveToString({ numIteration: outcome.bestIteration }),
      numTrees: outcome.bestIteration * booster.treesPerIteration,
      ...outcome,
    };
  } finally {
    for (const made of disposables.reverse()) made[Symbol.dispose]();
  }
}

/** Rows of the dataset, in its bins, with the labels, weights and queries of those rows. */
function labelledSubset(
  { dataset, ...origin }: DatasetEntry,
  input: TrainingInput,
  { what, rows }: { what: string; rows: Int32Array },
): Dataset {
  const { queryIds } = input;
  const taught = taughtRows(what, inDatasetOrder(what, rows, origin), input);
  const subset = dataset.subset(rowPositions(what, taught.rows, origin));
  try {
    subset.setLabel(taught.labels);
    if (taught.weights) subset.setWeight(taught.weights);
    if (queryIds)
      subset.setGroup(
        runLengths(
          what,
          taught.rows.map((row) => queryIds[row] as number),
        ),
      );
    return subset;
  } catch (error) {
    subset.dispose();
    throw error;
  }
}

function assertTrainingInput({ rows }: DatasetEntry, input: TrainingInput): void {
  const { labels, weights, counterWeights, queryIds, maxRounds, earlyStopping, parameters } = input;
  const lists = { labels, weights, 'counter-weights': counterWeights, queryIds };
  for (const [name, list] of Object.entries(lists)) {
    if (list && list.length !== rows) {
      throw unusable(
        `The list of ${name}`,
        `${rows} numbers, one per row of the matrix`,
        `${list.length} numbers`,
      );
    }
  }
  if (!isCount(maxRounds)) throw unusable('`maxRounds`', 'a whole number from 1', String(maxRounds));
  if (earlyStopping && !isCount(earlyStopping.rounds)) {
    throw unusable(
      '`earlyStoppingRounds`',
      'a whole number from 1; or 0 for none',
      String(earlyStopping.rounds),
    );
  }
  const checked = checkParameters(parameters);
  refuseParameters(checked, { num_iterations: 'maxRounds', early_stopping_round: 'earlyStoppingRounds' });
  if (earlyStopping && checked.get('boosting') === 'dart') {
    // dart changes earlier trees later on (dropout), so a cut at the best iteration is not the model that was best.
    throw unusable(
      'Early stopping',
      'earlyStoppingRounds = 0 with boosting=dart',
      `${earlyStopping.rounds} rounds`,
    );
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function unusable(what: string, expected: string, found: string): LightGBMDataError {
  return new LightGBMDataError({ what, expected, found });
}
