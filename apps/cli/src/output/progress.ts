import cliProgress from 'cli-progress';
import { destination, pino } from 'pino';

/** One report of progress, whatever the work. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly detail?: string;
}

/** Shows progress on stderr; stdout is for results. */
export interface ProgressView {
  update(progress: Progress): void;
  /** Takes the bar away; call it before anything else is printed. */
  stop(): void;
}

/** A bar that redraws itself on a terminal, one structured line per finished step elsewhere. */
export function createProgressView(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? terminalView(stream) : logView();
}

function terminalView(stream: NodeJS.WriteStream): ProgressView {
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{stage} {bar} {percentage}% | {duration_formatted} | {detail}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
  });
  let stage = '';
  return {
    update(progress) {
      const shown = { stage: progress.stage.padEnd(16), detail: progress.detail ?? '' };
      if (progress.stage !== stage) {
        if (stage !== '') bar.stop();
        stage = progress.stage;
        bar.start(progress.total, progress.done, shown);
      } else {
        bar.setTotal(progress.total);
        bar.update(progress.done, shown);
      }
    },
    stop() {
      if (stage !== '') bar.stop();
      stage = '';
    },
  };
}

function logView(): ProgressView {
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    destination({ fd: 2, sync: true }),
  );
  let current: Progress | undefined;
  let startedAt = performance.now();
  const finish = () => {
    if (current === undefined) return;
    const { stage, done, total, detail } = current;
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(3));
    log.info({ stage, done, total, detail, seconds }, `${stage} done`);
    current = undefined;
  };
  return {
    update(progress) {
      if (current !== undefined && current.stage !== progress.stage) finish();
      if (current === undefined) startedAt = performance.now();
      current = progress;
    },
    stop: finish,
  };
}
