import type { ModelEvaluation, ModelMetadata } from '@risk-scoring/model-storage';
import { count, figure, interval } from '../wording/numbers.ts';
import type { Chart, Layer } from './chart.ts';
import { straight } from './curves.ts';
import { BLUE, below, INK, leftOf, ORANGE, SHARE_SCALE, SHARES } from './theme.ts';

type Holdout = NonNullable<ModelEvaluation['holdout']>;

/** What was said and what came true, bin by bin, with Wilson's intervals. */
export function calibrationChart({ reliability }: Holdout, { metrics }: ModelMetadata): Chart {
  const values = reliability
    .filter(({ rows }) => rows > 0)
    .map(({ mean_score: x, positive_rate: y, low, high }) => ({ x, y, low, high }));
  const x = { field: 'x', type: 'quantitative' };
  const ece =
    typeof metrics.test_ece === 'number'
      ? `ECE ${figure(metrics.test_ece)}, 95 % interval ${interval(metrics.test_intervals.ece)}. `
      : '';
  return {
    id: 'calibration',
    title: 'Calibration',
    description: `Share that is suspicious over the mean probability, in ${values.length} bins. ${ece}On the diagonal, probabilities come true.`,
    note: `${ece}Bars: 95 % intervals (Wilson), as if rows were independent; those of one address are not, so they are somewhat narrow.`,
    keys: [
      { look: 'blue', text: 'holdout, by bins of the probability' },
      { look: 'dashed', text: 'exact' },
    ],
    height: 280,
    layers: [
      {
        data: { values },
        mark: { type: 'rule', color: BLUE, strokeWidth: 1.5, opacity: 0.6 },
        encoding: {
          x: { ...x, scale: SHARE_SCALE, axis: below('mean probability of the bin', SHARES) },
          y: {
            field: 'low',
            type: 'quantitative',
            scale: SHARE_SCALE,
            axis: leftOf('share that is suspicious', SHARES),
          },
          y2: { field: 'high' },
        },
      },
      straight({ x: 0, y: 0 }, { x: 1, y: 1 }),
      {
        data: { values },
        mark: { type: 'line', color: BLUE, strokeWidth: 1.5, opacity: 0.8 },
        encoding: { x, y: { field: 'y', type: 'quantitative' } },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, color: BLUE, size: 42, opacity: 1 },
        encoding: { x, y: { field: 'y', type: 'quantitative' } },
      },
    ],
  };
}

/** Where the rows of each class are scored: suspicious ones up, normal ones down. */
export function distributionChart({ histogram }: Holdout, { metrics }: ModelMetadata): Chart {
  const { edges, positives, negatives } = histogram;
  const total = (counts: readonly number[]) => counts.reduce((sum, rows) => sum + rows, 0);
  const bars = (counts: readonly number[], sign: 1 | -1) =>
    counts.map((rows, i) => ({
      x: edges[i] ?? 0,
      x2: edges[i + 1] ?? 1,
      zero: 0,
      y: (sign * rows) / Math.max(1, total(counts)),
    }));
  const up = bars(positives, 1);
  const down = bars(negatives, -1);
  const highest = Math.max(0.1, ...up.map(({ y }) => y), ...down.map(({ y }) => -y));
  const step = highest > 0.5 ? 0.25 : highest > 0.2 ? 0.1 : 0.05;
  const steps = Math.ceil(highest / step - 1e-9);
  const threshold = metrics.test_at_threshold?.threshold;
  const axis = {
    x: { field: 'x', type: 'quantitative', scale: SHARE_SCALE, axis: below('probability', SHARES) },
    x2: { field: 'x2' },
    y: {
      field: 'y',
      type: 'quantitative',
      scale: { domain: [-steps * step, steps * step], nice: false },
      axis: leftOf('share of the class', {
        values: Array.from({ length: 2 * steps + 1 }, (_, i) => Number(((i - steps) * step).toFixed(2))),
        labelExpr: "format(abs(datum.value), '.0%')",
      }),
    },
    y2: { field: 'zero' },
  };
  return {
    id: 'distribution',
    title: 'Scores by class',
    description: `Histogram of the probabilities of ${count(total(positives))} suspicious rows, drawn upwards, and of ${count(total(negatives))} normal ones, drawn downwards, each as a share of its class.`,
    keys: [
      { look: 'orange bar', text: `suspicious (${count(total(positives))}), up` },
      { look: 'blue bar', text: `normal (${count(total(negatives))}), down` },
      ...(threshold === undefined
        ? []
        : [{ look: 'dashed' as const, text: `chosen threshold, ${figure(threshold)}` }]),
    ],
    height: 280,
    layers: [
      bar(up, ORANGE, axis),
      bar(down, BLUE, axis),
      {
        data: { values: [{ y: 0 }] },
        mark: { type: 'rule', color: INK, strokeWidth: 1 },
        encoding: { y: { field: 'y', type: 'quantitative' } },
      },
      ...(threshold === undefined
        ? []
        : [straight({ x: threshold, y: -steps * step }, { x: threshold, y: steps * step })]),
    ],
  };
}

function bar(values: readonly unknown[], color: string, encoding: Layer): Layer {
  return { data: { values }, mark: { type: 'rect', color, opacity: 0.85 }, encoding };
}
