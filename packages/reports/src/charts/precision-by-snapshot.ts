import type { ModelMetadata } from '@risk-scoring/model-storage';
import { count } from '../wording/numbers.ts';
import type { Chart, Layer } from './chart.ts';
import { BLUE, below, GREY, leftOf, ORANGE, SHARE_SCALE, SHARES } from './theme.ts';

type Ranking = NonNullable<ModelMetadata['metrics']['test_ranking']>;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How many of a snapshot's first k are suspicious, snapshot by snapshot; null where no dates are known. */
export function precisionBySnapshotChart({ per_snapshot: snapshots }: Ranking): Chart | null {
  const dated = snapshots
    .map((snapshot) => ({ ...snapshot, x: Date.parse(`${snapshot.processing_date}T00:00:00Z`) }))
    .filter(({ x }) => Number.isFinite(x))
    .sort((a, b) => a.x - b.x);
  const [first] = dated;
  if (first === undefined) return null;
  const ks = chosenKs(dated);
  const points = (of: (snapshot: (typeof dated)[number]) => number | undefined): Point[] =>
    dated.flatMap((snapshot) => {
      const y = of(snapshot);
      return y === undefined ? [] : [{ x: snapshot.x, y }];
    });
  const share = points(({ rows, positives }) => (rows > 0 ? positives / rows : undefined));
  return {
    id: 'precision-at-k',
    title: 'Precision of the first k, snapshot by snapshot',
    description: `Share of suspicious rows among the first ${ks.join(' and ')} of each of ${count(dated.length)} snapshots of the holdout, beside the share among all.`,
    note: 'A snapshot with fewer suspicious rows than k cannot reach 1.',
    keys: [
      ...ks.map((k, i) => ({ look: i === 0 ? ('blue' as const) : ('orange' as const), text: `first ${k}` })),
      { look: 'dashed', text: 'all rows of the snapshot' },
    ],
    height: 240,
    layers: [
      line(
        share,
        { color: GREY, strokeDash: [5, 4], strokeWidth: 1.3 },
        dated.map(({ x }) => x),
      ),
      ...ks.toReversed().flatMap((k) => {
        const color = k === ks[0] ? BLUE : ORANGE;
        const values = points((snapshot) => new Map(Object.entries(snapshot.precision_at_k)).get(k));
        return [
          line(values, { color, strokeWidth: 1.8 }),
          {
            data: { values },
            mark: {
              type: 'point',
              filled: true,
              color,
              size: 26,
              opacity: 1,
              shape: k === ks[0] ? 'circle' : 'square',
            },
            encoding: { x: { field: 'x', type: 'temporal' }, y: { field: 'y', type: 'quantitative' } },
          },
        ];
      }),
    ],
  };
}

/** The smallest k, and the largest that half of the snapshots have rows for. */
function chosenKs(snapshots: Ranking['per_snapshot']): string[] {
  const ks = Object.keys(snapshots[0]?.precision_at_k ?? {});
  const rows = snapshots.map((snapshot) => snapshot.rows).sort((a, b) => a - b);
  const usual = rows[Math.floor(rows.length / 2)] ?? 0;
  const [least, ...more] = ks;
  if (least === undefined) return [];
  const most = more.filter((k) => 2 * Number(k) <= usual).at(-1);
  return most === undefined ? [least] : [least, most];
}

function line(
  values: readonly Point[],
  look: Readonly<Record<string, unknown>>,
  dates?: readonly number[],
): Layer {
  const axes = dates && {
    x: { scale: { type: 'utc', nice: false }, axis: below('', dateTicks(dates)) },
    y: { scale: SHARE_SCALE, axis: leftOf('share that is suspicious', SHARES) },
  };
  return {
    data: { values },
    mark: { type: 'line', ...look },
    encoding: {
      x: { field: 'x', type: 'temporal', ...axes?.x },
      y: { field: 'y', type: 'quantitative', ...axes?.y },
    },
  };
}

/** The first and the last date of snapshots and up to two between, at about a third each, in full. */
function dateTicks(dates: readonly number[]) {
  return {
    values: ticksOf(dates),
    labelFlush: true,
    labelExpr: "utcFormat(datum.value, '%Y-%m-%d')",
  };
}

/** Shares of the axis between labels so that they do not touch; those at its ends are written inwards. */
const FROM_END = 0.26;
const BETWEEN = 0.2;

function ticksOf(dates: readonly number[]): number[] {
  const [first = 0, last = first] = [dates[0], dates.at(-1)];
  const span = last - first;
  if (span <= 0) return dates.slice(0, 1);
  const inner = dates.filter((date) => Math.min(date - first, last - date) >= FROM_END * span);
  const ticks = [first];
  for (const third of [first + span / 3, first + (2 * span) / 3]) {
    const [nearest] = [...inner].sort((a, b) => Math.abs(a - third) - Math.abs(b - third));
    if (nearest === undefined || (ticks.length > 1 && nearest - (ticks.at(-1) ?? 0) < BETWEEN * span))
      continue;
    ticks.push(nearest);
  }
  return [...ticks, last];
}
