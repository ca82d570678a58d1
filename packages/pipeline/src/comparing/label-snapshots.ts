import { isDeepStrictEqual } from 'node:util';
import type { LabelStrategy } from '@risk-scoring/contract';
import { createAddressLabelStrategy } from '@risk-scoring/labels';
import type { ModelMetadata } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { labelSnapshot, type SnapshotLabels, type UsedStrategy } from '../labelling/label-snapshot.ts';
import type { SnapshotToScore } from '../scoring/score-parts.ts';

/** Labels of several snapshots, all by one strategy. */
export interface LabelledSnapshots {
  readonly strategy: UsedStrategy;
  /** By date. */
  readonly byDate: ReadonlyMap<string, Pick<SnapshotLabels, 'labels' | 'relevance'>>;
}

/**
 * Labels the rows of snapshots for judging one or more models by the same labels: those that judged the models in training where these are of one
 * strategy, and the reference `address` otherwise, which is then said.
 *
 * @param models at least one
 * @throws what labelSnapshot throws
 */
export async function labelSnapshots(
  database: Database,
  snapshots: readonly SnapshotToScore[],
  {
    models,
    strategy,
    signal,
  }: {
    readonly models: readonly [ModelMetadata, ...ModelMetadata[]];
    readonly strategy?: LabelStrategy | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<LabelledSnapshots> {
  const [metadata, ...others] = models;
  const label = async (by?: LabelStrategy) => {
    const labelled: SnapshotLabels[] = [];
    for (const snapshot of snapshots)
      labelled.push(await labelSnapshot(database, { ...snapshot, metadata, strategy: by, signal }));
    return labelled;
  };
  const byDate = (labelled: readonly SnapshotLabels[]) =>
    new Map(
      snapshots.flatMap(({ processingDate }, index) => {
        const each = labelled[index];
        return each ? [[processingDate, each] as const] : [];
      }),
    );
  const byReference = async (reason: string): Promise<LabelledSnapshots> => {
    const reference = createAddressLabelStrategy();
    const { name, settings } = reference;
    return {
      strategy: { name, settings, from: 'reference', reason },
      byDate: byDate(await label(reference)),
    };
  };
  const differs = others.find((other) => !isDeepStrictEqual(judgedBy(other), judgedBy(metadata)));
  if (strategy === undefined && differs !== undefined) {
    return byReference(
      `the models were judged by different labels: ${nameOf(metadata)} and ${nameOf(differs)}`,
    );
  }
  const labelled = await label(strategy);
  // A strategy that could not label one of the snapshots labels none of them, so that all are judged alike.
  const reason = labelled.find((each) => each.strategy.from === 'reference')?.strategy.reason;
  const used = labelled[0]?.strategy;
  if (used === undefined || (reason !== undefined && labelled.some((each) => each.strategy.from === 'model')))
    return byReference(reason ?? 'there is no snapshot to label');
  return { strategy: used, byDate: byDate(labelled) };
}

/** What makes the labels that judged a model; whether it learned from the same ones is of no matter. */
function judgedBy({ labels }: ModelMetadata): unknown {
  if (!labels?.judged_by) return null;
  const { strategy, settings, kind } = labels.judged_by;
  return { strategy, settings, kind };
}

function nameOf({ labels }: ModelMetadata): string {
  const judged = labels?.judged_by;
  return judged ? `'${judged.strategy}' (${judged.kind})` : 'none';
}
