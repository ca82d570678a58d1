/** What a line of progress says, each part where it is known. */
export interface ProgressParts {
  readonly stage: string;
  /** 0..1 */
  readonly fraction?: number | undefined;
  /** `1.2M rows` */
  readonly amount?: string | undefined;
  /** `310k rows/s` */
  readonly rate?: string | undefined;
  /** `0:12 left` */
  readonly time?: string | undefined;
  readonly detail?: string | undefined;
}

/** A detail that would be shorter than this, with its ellipsis, is left out. */
const SHORTEST_DETAIL = 6;

/**
 * One line of at most `width` characters. The narrower it is, the less it says: first the detail is cut, then amount, speed
 * and time go, in this order.
 *
 * @example
 * progressLine({ stage: 'ingesting', fraction: 0.43, amount: '1.2M rows', rate: '310k rows/s', time: '0:12 left' }, 80);
 * // 'ingesting ████░░░░░░  43 % | 1.2M rows | 310k rows/s | 0:12 left'
 */
export function progressLine(parts: ProgressParts, width: number): string {
  const head = showHead(parts, width);
  const figures = [parts.amount, parts.rate, parts.time].filter((figure) => figure !== undefined);
  for (let left = 0; left <= figures.length; left++) {
    const line = [head, ...figures.slice(left)].join(' | ');
    if (line.length > width) continue;
    return left === 0 ? line + showDetail(parts.detail, width - line.length) : line;
  }
  return cut(head, width);
}

function showHead({ stage, fraction }: ProgressParts, width: number): string {
  const name = width >= 100 ? stage.padEnd(16) : stage;
  if (fraction === undefined) return name.trimEnd();
  const size = width >= 100 ? 24 : width >= 60 ? 10 : 0;
  const full = Math.round(fraction * size);
  const bar = size === 0 ? '' : ` ${'█'.repeat(full)}${'░'.repeat(size - full)}`;
  // Only what is over may say 100.
  const percent = fraction < 1 ? Math.min(99, Math.floor(fraction * 100)) : 100;
  return `${name}${bar} ${`${percent}`.padStart(3)} %`;
}

function showDetail(detail: string | undefined, room: number): string {
  const separator = ' | ';
  const text = detail?.trim() ?? '';
  const space = room - separator.length;
  if (text === '' || space < Math.min(text.length, SHORTEST_DETAIL)) return '';
  return separator + cut(text, space);
}

function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  return room < 1 ? '' : `${text.slice(0, room - 1)}…`;
}
