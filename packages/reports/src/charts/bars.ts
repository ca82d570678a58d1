import { shortText } from '../wording/plain-text.ts';
import type { Layer } from './chart.ts';
import { BLUE, below, INK, ORANGE, PAGE } from './theme.ts';

/** A name and what is drawn for it. */
export interface NamedBars {
  readonly name: string;
  /** One bar, or two below each other; as numbers of the axis. */
  readonly values: readonly number[];
}

/** How bars are drawn. */
export interface BarOptions {
  readonly title: string;
  readonly format: string;
  /** Dashed lines across all bars. */
  readonly marks?: readonly number[];
}

/** Bars need no room for an axis at the left. */
export const BARS_LEFT = 8;
const ROW_HEIGHT = 36;
const LONGEST_NAME = 50;
const COLOURS = [BLUE, ORANGE] as const;

/** The height that so many names take. */
export function barHeight(names: number): number {
  return names * ROW_HEIGHT;
}

/** Bars with their names above them, so that names may be long on a narrow screen. */
export function bars(named: readonly NamedBars[], { title, format, marks = [] }: BarOptions): Layer[] {
  const highest = Math.max(
    ...named.flatMap(({ values }) => values),
    ...marks.map((mark) => mark * 1.1),
    1e-9,
  );
  const scale = { domain: [0, named.length], nice: false, reverse: true };
  const y = { field: 'y', type: 'quantitative', scale, axis: null };
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: [0, 1.04 * highest], nice: false },
    axis: below(title, { format, tickCount: 5, grid: true, domain: false }),
  };
  const most = Math.max(1, ...named.map(({ values }) => values.length));
  const thickness = most === 1 ? 0.34 : 0.24;
  const across = { field: 'x', type: 'quantitative' };
  const names = {
    data: {
      values: named.map(({ name }, row) => ({ name: shortText(name, LONGEST_NAME), x: 0, y: row + 0.33 })),
    },
    encoding: { x: across, y, text: { field: 'name', type: 'nominal' } },
  };
  const text = { type: 'text', align: 'left', baseline: 'alphabetic', limit: 0 };
  return [
    ...Array.from({ length: most }, (_, bar) => ({
      data: {
        values: named.map(({ values }, row) => ({
          zero: 0,
          x: values[bar] ?? 0,
          y: row + 0.46 + bar * thickness,
          y2: row + 0.46 + (bar + 0.92) * thickness,
        })),
      },
      mark: { type: 'rect', color: COLOURS[bar] ?? INK },
      encoding: { x, x2: { field: 'zero' }, y, y2: { field: 'y2' } },
    })),
    ...marks.map((mark) => ({
      data: { values: [{ x: mark, y: 0, y2: named.length }] },
      mark: { type: 'rule', color: INK, strokeDash: [4, 3], strokeWidth: 1 },
      encoding: { x: across, y, y2: { field: 'y2' } },
    })),
    // A rim of the page's colour keeps a name legible where a line crosses it.
    { ...names, mark: { ...text, stroke: PAGE, strokeWidth: 3, strokeJoin: 'round' } },
    { ...names, mark: text },
  ];
}
