// Colours follow the page, by its variables; the second of each is for a chart that is taken out of it.
export const BLUE = 'var(--blue, #0072b2)';
export const ORANGE = 'var(--orange, #d55e00)';
export const GREY = 'var(--grey, #6b7280)';
export const INK = 'var(--ink, #1b1f24)';
export const PAGE = 'var(--page, #fff)';
const MUTED = 'var(--muted, #545b64)';
const GRID = 'var(--grid, #e2e5e9)';
const LINE = 'var(--line, #c4c9d0)';

/** Room around the plot, for axes. */
export const PADDING = { left: 46, right: 14, top: 24, bottom: 42 } as const;
/** A chart is as wide as a phone, so that it is drawn there at its own size. */
export const WIDTH = 400;

/** How charts look. Nothing is placed by the width of a text, which depends on the fonts of the machine. */
export const THEME = {
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: MUTED,
    titleColor: MUTED,
    gridColor: GRID,
    domainColor: LINE,
    tickColor: LINE,
    labelFontSize: 11.5,
    titleFontSize: 11.5,
    titleFontWeight: 'normal',
    labelOverlap: false,
    labelLimit: 0,
    labelFlush: false,
    titleLimit: 0,
    tickSize: 4,
  },
  text: { fontSize: 11.5, fill: INK },
} as const;

/** An axis at the bottom. */
export function below(title: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    title,
    titleY: 24,
    titleBaseline: 'top',
    titleAnchor: 'middle',
    domain: true,
    grid: false,
    ...more,
  };
}

/** An axis at the left, its title above it, to be read without turning the head. */
export function leftOf(title: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    title,
    titleAngle: 0,
    titleAlign: 'left',
    titleBaseline: 'bottom',
    titleX: -PADDING.left + 4,
    titleY: -10,
    domain: false,
    ticks: false,
    ...more,
  };
}

/** Ticks of shares from 0 to 1. */
export const SHARES = { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' } as const;
export const SHARE_SCALE = { domain: [0, 1], nice: false } as const;
