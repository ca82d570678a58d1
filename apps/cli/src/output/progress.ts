import cliProgress from 'cli-progress';
import { type DestinationStream, destination, pino } from 'pino';
import { progressLine } from './progress-line.ts';
import { amount, type Progress, StageMeter } from './stage-meter.ts';

export type { Progress } from './stage-meter.ts';

/** Something worth telling while the work goes on, such as a request that is tried again. */
export interface ProgressEvent {
  /** One sentence for humans, without a full stop. */
  readonly message: string;
  /** The same for programs; nothing secret. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Shows progress on stderr; stdout is for results. */
export interface ProgressView {
  update(progress: Progress): void;
  /** A warning: a line above the bar on a terminal, a structured line of level `warn` elsewhere. */
  log(event: ProgressEvent): void;
  /** Takes the bar away; call it before anything else is printed, and say when the step at hand did not end well. */
  stop(how?: 'done' | 'stopped'): void;
}

/**
 * A bar that redraws itself on a terminal, one structured line per finished step elsewhere.
 *
 * @example
 * const view = createProgressView();
 * view.update({ stage: 'ingesting', done: 3, total: 7, rows: 1_200_000, totalRows: 2_800_000, detail: '2020-01-01' });
 * view.log({ message: 'the server closed the connection; trying again (2 of 10)', fields: { attempt: 2 } });
 * view.stop();
 */
export function createProgressView(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? terminalView(stream) : logView(stream);
}

function terminalView(stream: NodeJS.WriteStream): ProgressView {
  let meter: StageMeter | undefined;
  let stage: string | undefined;
  const bar = new cliProgress.SingleBar({
    stream,
    // One column stays free: a terminal that is written full may begin a new line.
    format: () => (meter ? oneLine(progressLine(meter.parts(now()), (stream.columns || 80) - 1)) : ''),
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
  });
  return {
    update(progress) {
      if (meter === undefined || progress.stage !== stage) {
        if (meter !== undefined) bar.stop();
        stage = progress.stage;
        meter = new StageMeter(progress, now());
        bar.start(1, 0);
      } else {
        meter.add(progress, now());
        bar.update(0);
      }
    },
    log(event) {
      if (meter !== undefined) bar.stop();
      stream.write(`warning: ${oneLine(event.message)}\n`);
      if (meter !== undefined) bar.start(1, 0);
    },
    stop() {
      if (meter !== undefined) bar.stop();
      meter = undefined;
    },
  };
}

function logView(stream: NodeJS.WriteStream): ProgressView {
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    synchronous(stream),
  );
  let current: Progress | undefined;
  let startedAt = now();
  let reportedAt = startedAt;
  const finish = (at: number, how: 'done' | 'stopped') => {
    if (current === undefined) return;
    const { stage, done, total, detail, bytes } = current;
    const rows = amount(current.rows);
    const seconds = Number(((at - startedAt) / 1000).toFixed(3));
    const rowsPerSecond = rows && seconds > 0 ? { rows_per_s: Math.round(rows / seconds) } : {};
    const fields = { stage, done, total, detail, rows, ...rowsPerSecond, bytes, seconds };
    if (how === 'done') log.info(fields, `${stage} done`);
    else log.warn(fields, `${stage} stopped`);
    current = undefined;
  };
  return {
    update(progress) {
      if (current?.stage !== progress.stage) {
        // A step that reports for the first time when some of it is done began where the one before it ended.
        const began = progress.done > 0 || (progress.rows ?? 0) > 0 ? reportedAt : now();
        finish(began, 'done');
        startedAt = began;
      }
      current = progress;
      reportedAt = now();
    },
    log: ({ message, fields }) => log.warn({ ...fields }, oneLine(message)),
    stop(how = 'done') {
      // What failed after a step that was over is no fault of that step, and not its time.
      if (how === 'stopped' && current && isOver(current)) finish(reportedAt, 'done');
      else finish(now(), how);
      reportedAt = now();
    },
  };
}

/** Whether all that a step had to do is done. */
function isOver({ done, total }: Progress): boolean {
  return total > 0 && done >= total;
}

/** Milliseconds that only grow. */
function now(): number {
  return performance.now();
}

/** Nothing is lost when the process ends right after a line. */
function synchronous(stream: NodeJS.WriteStream): DestinationStream {
  return stream === process.stderr ? destination({ fd: 2, sync: true }) : stream;
}

/** Text that may come from elsewhere, without what would move a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trimEnd();
}
