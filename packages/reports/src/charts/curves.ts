import type { ModelEvaluation, ModelMetadata } from '@risk-scoring/model-storage';
import { figure, interval, percent } from '../wording/numbers.ts';
import type { Chart, Layer } from './chart.ts';
import { BLUE, below, GREY, INK, leftOf, PAGE, SHARE_SCALE, SHARES } from './theme.ts';

type Holdout = NonNullable<ModelEvaluation['holdout']>;

interface Band {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** True over false positive rate, with its band and the line of chance. */
export function rocChart(holdout: Holdout, { metrics }: ModelMetadata): Chart {
  const { fpr, tpr, tpr_low, tpr_high } = holdout.roc;
  const chosen = metrics.test_at_threshold;
  const negatives = holdout.rows - holdout.positives;
  const hits = chosen ? chosen.recall * holdout.positives : 0;
  const atThreshold =
    chosen && negatives > 0 ? { x: (chosen.flagged - hits) / negatives, y: chosen.recall } : null;
  return {
    id: 'roc',
    title: 'ROC curve',
    description: `True positive rate over false positive rate. The area under the curve is ${figure(metrics.test_auc)}, 95 % interval ${interval(metrics.test_intervals.auc)}.`,
    keys: [
      { look: 'blue', text: 'model' },
      { look: 'band', text: '95 % band' },
      { look: 'dashed', text: 'chance' },
      ...(atThreshold ? [{ look: 'dot' as const, text: 'chosen threshold' }] : []),
    ],
    height: 280,
    layers: [
      ...curve({ x: fpr, y: tpr, low: tpr_low, high: tpr_high }, [
        'false positive rate',
        'true positive rate',
      ]),
      straight({ x: 0, y: 0 }, { x: 1, y: 1 }),
      ...point(atThreshold),
    ],
  };
}

/** Precision over recall, with its band and the line of chance: the share of suspicious rows. */
export function precisionRecallChart(holdout: Holdout, { metrics }: ModelMetadata): Chart {
  const { recall, precision, precision_low, precision_high } = holdout.pr;
  const share = holdout.rows > 0 ? holdout.positives / holdout.rows : 0;
  const chosen = metrics.test_at_threshold;
  const atThreshold = chosen && chosen.flagged > 0 ? { x: chosen.recall, y: chosen.precision } : null;
  return {
    id: 'pr',
    title: 'Precision and recall',
    description: `Precision over recall. The average precision is ${figure(metrics.test_pr_auc)}, 95 % interval ${interval(metrics.test_intervals.pr_auc)}; chance gives ${figure(share)}.`,
    keys: [
      { look: 'blue', text: 'model' },
      { look: 'band', text: '95 % band' },
      { look: 'dashed', text: `share of suspicious ones, ${percent(share)}` },
      ...(atThreshold ? [{ look: 'dot' as const, text: 'chosen threshold' }] : []),
    ],
    height: 280,
    layers: [
      ...curve({ x: recall, y: precision, low: precision_low, high: precision_high }, [
        'recall',
        'precision',
      ]),
      straight({ x: 0, y: share }, { x: 1, y: share }),
      ...point(atThreshold),
    ],
  };
}

function curve({ x, y, low, high }: Band, [across, up]: readonly [string, string]): Layer[] {
  const values = x.map((at, i) => ({ i, x: at, y: y[i] ?? 0, low: low[i] ?? 0, high: high[i] ?? 0 }));
  return [
    {
      data: { values },
      mark: { type: 'area', orient: 'vertical', color: BLUE, opacity: 0.2 },
      encoding: {
        x: { field: 'x', type: 'quantitative', scale: SHARE_SCALE, axis: below(across, SHARES) },
        y: { field: 'low', type: 'quantitative', scale: SHARE_SCALE, axis: leftOf(up, SHARES) },
        y2: { field: 'high' },
      },
    },
    {
      data: { values },
      mark: { type: 'line', color: BLUE, strokeWidth: 2, strokeJoin: 'round' },
      encoding: {
        order: { field: 'i', type: 'quantitative' },
        x: { field: 'x', type: 'quantitative' },
        y: { field: 'y', type: 'quantitative' },
      },
    },
  ];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A dashed line. */
export function straight(from: Point, to: Point): Layer {
  return {
    data: { values: [{ x: from.x, y: from.y, x2: to.x, y2: to.y }] },
    mark: { type: 'rule', color: GREY, strokeDash: [5, 4], strokeWidth: 1.3 },
    encoding: {
      x: { field: 'x', type: 'quantitative' },
      y: { field: 'y', type: 'quantitative' },
      x2: { field: 'x2' },
      y2: { field: 'y2' },
    },
  };
}

function point(at: Point | null): Layer[] {
  if (at === null) return [];
  return [
    {
      data: { values: [at] },
      mark: { type: 'point', size: 70, filled: true, fill: PAGE, stroke: INK, strokeWidth: 2, opacity: 1 },
      encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
    },
  ];
}
