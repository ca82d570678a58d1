import type { StoredModel } from '@risk-scoring/model-storage';
import type { GateCondition } from './gate-conditions.ts';
import { groupsAre } from './groups-are.ts';
import type { RowCounts } from './judge-rows.ts';

/** What helps where rows are too few to tell. */
export const MORE_SNAPSHOTS =
  'judge it on more snapshots that it has not learned from (--start-date, --end-date)';

/** What it takes to judge at all: figures of fewer rows say little, and an expected calibration error of few is mostly noise. */
const FEWEST = { rows: 50, positives: 10, groups: 10 } as const;

/** A model of which nobody can tell what it learned from. */
export interface UnknownLearning {
  readonly model: StoredModel;
  readonly reason: string;
  readonly inOffice: boolean;
}

/** Whether there is enough to judge on. */
export function conditionJudgeable(
  counts: RowCounts | null,
  {
    dates,
    challenger: { metadata },
    unknown,
  }: {
    readonly dates: string;
    readonly challenger: StoredModel;
    readonly unknown: readonly UnknownLearning[];
  },
): GateCondition {
  const groups = groupsAre(metadata.model_type);
  const expected = `at least ${FEWEST.rows} labelled rows of ${dates} that no model learned from, ${FEWEST.positives} of them suspicious, of ${FEWEST.groups} ${groups} of each class`;
  if (counts === null) {
    return {
      condition: 'judgeable',
      passed: false,
      expected,
      found: unknown.map(({ reason }) => reason).join('; '),
      advice: unknown.map(trainAgain).join(', '),
    };
  }
  const { rows, positives, positive_groups: suspicious, negative_groups: normal } = counts;
  return {
    condition: 'judgeable',
    passed:
      rows >= FEWEST.rows && positives >= FEWEST.positives && Math.min(suspicious, normal) >= FEWEST.groups,
    expected,
    found: `${rows} rows, ${positives} of them suspicious, of ${suspicious} suspicious and ${normal} normal ${groups}`,
    advice: MORE_SNAPSHOTS,
  };
}

/** Other snapshots do not help where the rows of a training were replaced: only a model of the present ones can be told unseen rows of. */
function trainAgain({ model: { metadata }, inOffice }: UnknownLearning): string {
  const { model_id: modelId, model_type: type, network, training_period: period } = metadata;
  const command = `npx risk-scoring train --network ${network} --model-type ${type} --start-date ${period.start_date} --end-date ${period.end_date} --window-days ${period.window_days}`;
  const then = inOffice ? ', and let it take the place of the present one without a gate first' : '';
  return `train ${modelId} again, with its settings, on the data as it is now: ${command}${then}`;
}
