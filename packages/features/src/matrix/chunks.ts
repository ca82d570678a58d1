import type { Scope, SnapshotPart } from '../relations/scope.ts';

/** A snapshot to build features for. */
export interface FeatureSnapshot {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** How many alerts (or clusters) it has, or how many are asked for. */
  readonly rows: number;
  /** Only these, in place of all. Their features are the same as among all. */
  readonly ids?: readonly string[];
  /**
   * Only the alerts whose address falls to this part, by a hash of it: all alerts of an address are in one part. `rows` is their number, which
   * `partsOfSnapshot` finds. Their features are the same as among all.
   */
  readonly part?: SnapshotPart;
}

/**
 * Snapshots of about this many rows are computed by one query of the groups that take several: planning a query of a hundred columns
 * takes as long as computing a thousand rows. Memory holds one query's result, however many snapshots there are.
 */
const ROWS_PER_QUERY = 50_000;

/** Dates of snapshots, ascending. */
export type Dates = Scope['dates'];

/** Some snapshots of a chunk, and which of its rows they are. */
export interface Part {
  readonly dates: Dates;
  readonly start: number;
  readonly end: number;
}

/** Snapshots that one query may compute. One of which only some rows are asked for is computed alone. */
export function chunkSnapshots(snapshots: readonly FeatureSnapshot[]): FeatureSnapshot[][] {
  const chunks: FeatureSnapshot[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const snapshot of snapshots) {
    const some = snapshot.ids !== undefined || snapshot.part !== undefined;
    if (rows + snapshot.rows > ROWS_PER_QUERY || some) {
      chunks.push([]);
      rows = 0;
    }
    chunks.at(-1)?.push(snapshot);
    rows += some ? Number.POSITIVE_INFINITY : snapshot.rows;
  }
  return chunks;
}

/** The snapshots of a chunk, each as a part of its own. */
export function oneByOne(chunk: readonly FeatureSnapshot[]): Part[] {
  let end = 0;
  return chunk.map(({ processingDate, rows }) => {
    const start = end;
    end += rows;
    return { dates: [processingDate], start, end };
  });
}

/** The dates of a chunk. */
export function datesOf([first, ...rest]: readonly FeatureSnapshot[]): Dates {
  return [first?.processingDate ?? '', ...rest.map((snapshot) => snapshot.processingDate)];
}

/** Dates as messages name them. */
export function nameOf(dates: Dates): string {
  return dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : dates[0];
}
