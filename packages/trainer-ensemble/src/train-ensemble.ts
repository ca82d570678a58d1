import {
  type PreparedData,
  type TrainedModel,
  type TrainRequest,
  throwIfCancelled,
} from '@risk-scoring/contract';
import type { OnnxCombination } from '@risk-scoring/onnx';
import { CombinedProgress } from './combined-progress.ts';
import { disposeAfterFailure } from './dispose-all.ts';
import { createEnsembleModel } from './ensemble-model.ts';
import type { EnsemblePart } from './member-artifacts.ts';
import { memberRequest } from './member-request.ts';
import { hyperparametersOf, type SettledOptions } from './options.ts';
import { prepareMembers } from './prepared-members.ts';
import { refitPlan } from './refit.ts';
import type { LogisticFit } from './stacking/fit-logistic.ts';
import { foldRows } from './stacking/fold-rows.ts';
import { stackMembers } from './stacking/stack-members.ts';

/** One entry per member. */
type PreparedParts = readonly (PreparedData | undefined)[];

/** How the members are trained: rows, progress and what an earlier model gives to a refit. */
type TrainOne = (
  member: number,
  rows: Pick<TrainRequest, 'trainRows' | 'validationRows' | 'refitOf'> & { stream: string },
) => Promise<TrainedModel>;

/**
 * Trains every member on all training rows, one after the other. Stacking first trains each on the folds, to find the coefficients; a refit takes those
 * of the earlier model.
 *
 * @param given what the members have prepared; found anew for stacking where there is none, so that the folds share it
 * @throws what a member throws; no model of a member is left behind
 */
export async function trainEnsemble(
  request: TrainRequest,
  settled: SettledOptions,
  given: PreparedParts | undefined,
): Promise<TrainedModel> {
  const { stacking, members } = settled;
  const refit = request.refitOf && refitPlan(request.refitOf, settled);
  const folds = stacking === undefined || refit !== undefined ? [] : foldRows(request, stacking);
  const everyMember = members.map((_, member) => member);
  const progress = new CombinedProgress(
    [...folds.flatMap(() => everyMember), ...everyMember],
    request.onProgress,
  );
  const own = given === undefined && folds.length > 0 ? await prepareOwn(request, settled) : undefined;
  const parts = given ?? own?.parts;

  const trainOne: TrainOne = async (index, lesson) => {
    throwIfCancelled(request.signal, 'training');
    const member = members[index];
    const model = await member.trainer.train(
      memberRequest(request, member, {
        ...lesson,
        prepared: parts?.[index],
        onProgress: progress.listen(member.name),
      }),
    );
    try {
      progress.finish();
      return model;
    } catch (error) {
      await disposeAfterFailure([model]);
      throw error;
    }
  };

  try {
    let stacked = refit?.stacked;
    if (stacking !== undefined && refit === undefined) {
      stacked = await stackMembers({
        request,
        options: stacking,
        folds,
        names: members.map(({ name }) => name),
        trainOnFold: (member, fold) => {
          const { trainRows, validationRows } = folds[fold];
          return trainOne(member, { trainRows, validationRows, stream: `member ${member} fold ${fold}` });
        },
      });
    }
    return await trainMembers(request, { settled, stacked, refitOf: refit?.members, trainOne });
  } finally {
    await own?.handle.dispose();
  }
}

async function trainMembers(
  request: TrainRequest,
  work: {
    readonly settled: SettledOptions;
    readonly stacked: LogisticFit | undefined;
    readonly refitOf: NonNullable<TrainRequest['refitOf']>['members'];
    readonly trainOne: TrainOne;
  },
): Promise<TrainedModel> {
  const { settled, stacked, refitOf, trainOne } = work;
  const { data, trainRows, validationRows, seed } = request;
  const trained: EnsemblePart[] = [];
  try {
    for (const [i, { name, trainer }] of settled.members.entries()) {
      const description = refitOf?.[i];
      const model = await trainOne(i, {
        trainRows,
        validationRows,
        ...(description === undefined ? {} : { refitOf: description }),
        stream: `member ${i}`,
      });
      trained.push({ name, trainer, model });
    }
    const ofMembers = trained.map(({ model }) => model.describe().hyperparameters);
    return createEnsembleModel({
      members: trained,
      combine: combinationOf(settled, stacked),
      hyperparameters: { ...hyperparametersOf(settled, ofMembers), ...stacked, seed },
      featureNames: data.columns.map(({ name }) => name),
    });
  } catch (error) {
    await disposeAfterFailure(trained.map(({ model }) => model));
    throw error;
  }
}

function combinationOf(
  { members, ranks }: SettledOptions,
  stacked: LogisticFit | undefined,
): OnnxCombination {
  if (stacked !== undefined) return { method: 'stacking', ...stacked };
  const weights = members.map(({ weight }) => weight);
  return { method: ranks ? 'average-raw' : 'average', weights };
}

function prepareOwn({ data, trainRows, validationRows, signal }: TrainRequest, { members }: SettledOptions) {
  throwIfCancelled(signal, 'training');
  return prepareMembers(members, data, Int32Array.from([...trainRows, ...validationRows]).sort());
}
