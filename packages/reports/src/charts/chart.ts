/** What stands beside a chart's colours. */
export interface Key {
  readonly look:
    | 'blue'
    | 'orange'
    | 'grey'
    | 'dashed'
    | 'band'
    | 'dot'
    | 'blue bar'
    | 'orange bar'
    | 'grey bar';
  readonly text: string;
}

/** A part of a chart, in the words of Vega-Lite. Its fields and expressions are ours; what others wrote stands in `data` alone. */
export type Layer = Readonly<Record<string, unknown>>;

/** A chart, ready to be drawn. */
export interface Chart {
  /** Unique on a page. */
  readonly id: string;
  readonly title: string;
  /** What it shows, for who cannot see it. */
  readonly description: string;
  readonly note?: string;
  readonly keys: readonly Key[];
  /** Of the plot without axes, in units of which the chart is 400 wide. */
  readonly height: number;
  /** Room at the left, for an axis; enough for its numbers by default. */
  readonly left?: number;
  readonly layers: readonly Layer[];
}
