import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgressView, type Progress } from './progress.ts';

/** A stream that keeps what is written to it; a terminal where it has columns. */
function screen(columns?: number) {
  const stream = new PassThrough();
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  const view = createProgressView(Object.assign(stream, terminal) as unknown as NodeJS.WriteStream);
  return { view, written: () => `${stream.read() ?? ''}` };
}

/** The lines of a terminal, without what moves its cursor; the last is the one that is shown. */
function drawn(written: string): string[] {
  const esc = String.fromCharCode(27);
  const codes = new RegExp(`${esc}(?:\\[[?\\d;]*[A-Za-z]|[78])`, 'g');
  return written
    .replaceAll(`${esc}[1G`, '\n')
    .replace(codes, '')
    .split('\n')
    .filter((line) => line !== '');
}

const last = (written: string) => drawn(written).at(-1) ?? '';
const wait = (ms: number) => vi.advanceTimersByTime(ms);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('on a terminal', () => {
  /** Reports once a second, and shows what is on the screen after the last report. */
  function watch(reports: readonly Partial<Progress>[], { columns = 120 } = {}) {
    const { view, written } = screen(columns);
    for (const report of reports) {
      view.update({ stage: 'ingesting', done: 0, total: 1, ...report });
      wait(1000);
    }
    const line = last(written());
    view.stop();
    return line;
  }

  it('shows the share, the rows, the speed and the time left', () => {
    const reports = [0, 310_000, 620_000, 930_000, 1_240_000].map((rows) => ({
      rows,
      totalRows: 2_790_000,
      detail: '2020-01-01 raw_features',
    }));
    expect(watch(reports)).toBe(
      'ingesting        ███████████░░░░░░░░░░░░░  44 % | 1.2M rows | 310k rows/s | 0:05 left | 2020-01-01 raw_features',
    );
  });

  it('shows the speed of the last seconds, not the mean', () => {
    const slowThenFast = [...Array(20).keys()].map((second) => ({
      rows: second < 10 ? second * 100 : 1000 + (second - 10) * 50_000,
      totalRows: 1_000_000,
    }));
    expect(watch(slowThenFast)).toContain('| 50k rows/s | 0:11 left');
  });

  it('knows no speed and no time left at the start', () => {
    expect(watch([{ rows: 500_000, totalRows: 1_000_000 }])).toMatch(/50 % \| 500k rows \| for 0:01$/);
  });

  it('says 0 rows/s and no time left when nothing moves', () => {
    const stalled = [...Array(30).keys()].map((second) => ({
      rows: Math.min(second, 5) * 1000,
      totalRows: 10_000,
    }));
    expect(watch(stalled)).toMatch(/50 % \| 5\.0k rows \| 0 rows\/s \| for 0:30$/);
  });

  it('keeps its speed between reports that are far apart', () => {
    const { view, written } = screen(120);
    for (const rows of [0, 1_000_000, 2_000_000]) {
      view.update({ stage: 'ingesting', done: 0, total: 1, rows, totalRows: 4_000_000 });
      wait(19_000);
    }
    expect(last(written())).toMatch(/2\.0M rows \| 53k rows\/s \| 0:38 left/);
    view.stop();
  });

  it('takes bytes where the total of rows is not known, and steps where neither is', () => {
    const bytes = [0, 10e6, 20e6].map((done) => ({ bytes: done, totalBytes: 100e6 }));
    expect(watch(bytes)).toMatch(/20 % \| 20 MB \| 10 MB\/s \| 0:08 left$/);
    const both = bytes.map((report, index) => ({ ...report, rows: index * 5000 }));
    expect(watch(both)).toMatch(/20 % \| 10k rows \| 5\.0k rows\/s \| 0:08 left$/);
    const steps = [0, 1, 2].map((done) => ({ done, total: 4, detail: `fold ${done}` }));
    expect(watch(steps)).toMatch(/50 % \| 0:02 left \| fold 2$/);
  });

  it.each<[what: string, report: Partial<Progress>]>([
    ['unknown', { total: 0, rows: 3000 }],
    ['no number', { total: Number.NaN, rows: 3000, totalRows: Number.POSITIVE_INFINITY }],
    ['passed', { done: 9, total: 4, rows: 3000, totalRows: 2000 }],
  ])('shows no share and no time left of a total that is %s', (_, report) => {
    expect(watch([{ ...report, rows: 1000 }, { ...report, rows: 2000 }, report])).toBe(
      'ingesting | 3.0k rows | 1.0k rows/s | for 0:03',
    );
  });

  it('counts on from a total that shrinks, and begins anew where the rows do', () => {
    const shrinking = [1000, 900, 500].map((totalRows, index) => ({ rows: index * 100, totalRows }));
    expect(watch(shrinking)).toMatch(/40 % \| 200 rows \| 100 rows\/s \| 0:03 left$/);
    const again = [8000, 9000, 100].map((rows) => ({ rows, totalRows: 10_000 }));
    expect(watch(again)).toMatch(/1 % \| 100 rows \| for 0:03$/);
  });

  it('says 100 % only of what is over', () => {
    expect(watch([{ rows: 9_999_999, totalRows: 10_000_000 }])).toContain(' 99 %');
    expect(watch([{ done: 1, total: 1 }])).toContain('100 %');
  });

  it('fits into every width, and keeps the time left longest', () => {
    const reports = [0, 1_000_000, 2_000_000].map((rows) => ({
      rows,
      totalRows: 9_000_000,
      detail: 'a'.repeat(90),
    }));
    for (let columns = 1; columns <= 200; columns++) {
      expect(watch(reports, { columns }).length, `${columns} columns`).toBeLessThan(columns);
    }
    expect(watch(reports, { columns: 40 })).toBe('ingesting  22 % | 0:07 left');
  });

  it('follows a terminal that changes its width', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    const view = createProgressView(stream as unknown as NodeJS.WriteStream);
    view.update({ stage: 'ingesting', done: 1, total: 2, detail: 'a'.repeat(60) });
    expect(last(`${stream.read()}`).length).toBeGreaterThan(100);
    stream.columns = 30;
    wait(200);
    expect(last(`${stream.read()}`).length).toBeLessThan(30);
    view.stop();
  });

  it('takes the bar away for a warning of one line, and draws it again', () => {
    const { view, written } = screen(120);
    view.update({ stage: 'ingesting', done: 1, total: 2 });
    written();
    view.log({ message: 'the server\nis \u001b[2Jbusy; trying again', fields: { attempt: 2 } });
    const raw = written();
    // The line is cleared (CSI 2K) right before the warning, which ends its line.
    expect(raw).toMatch(/\[2Kwarning: the server is {1,2}\[2Jbusy; trying again\n/);
    expect(drawn(raw).at(-1)).toContain('ingesting');
    view.stop();
    view.log({ message: 'after the end' });
    expect(last(written())).toBe('warning: after the end');
  });
});

describe('elsewhere', () => {
  const lines = (written: string) =>
    written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('writes one line per step, with its rows, its speed and its seconds', () => {
    const { view, written } = screen();
    view.update({ stage: 'verifying', done: 0, total: 2 });
    wait(1000);
    view.update({ stage: 'verifying', done: 2, total: 2, detail: '2020-01-02' });
    view.update({ stage: 'ingesting', done: 0, total: 2, rows: 0 });
    wait(1500);
    view.update({ stage: 'ingesting', done: 1, total: 2, rows: 100_000 });
    wait(2500);
    view.update({ stage: 'ingesting', done: 2, total: 2, rows: 1_000_000, detail: '2020-01-02' });
    view.stop();
    view.stop();
    expect(lines(written())).toEqual([
      expect.objectContaining({ level: 'info', stage: 'verifying', done: 2, total: 2, seconds: 1 }),
      expect.objectContaining({
        level: 'info',
        stage: 'ingesting',
        done: 2,
        total: 2,
        detail: '2020-01-02',
        rows: 1_000_000,
        rows_per_s: 250_000,
        seconds: 4,
      }),
    ]);
  });

  it('says of a step that was stopped what it was at, and of one that was over that it is done', () => {
    const { view, written } = screen();
    view.update({ stage: 'features', done: 0, total: 500 });
    wait(1000);
    view.update({ stage: 'features', done: 499, total: 500 });
    view.stop('stopped');
    view.update({ stage: 'scoring', done: 0, total: 500 });
    wait(1000);
    view.update({ stage: 'scoring', done: 500, total: 500 });
    // What failed came after it, and took its own time.
    wait(5000);
    view.stop('stopped');
    view.update({ stage: 'looking', done: 0, total: 0 });
    view.stop('stopped');
    expect(lines(written())).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'features stopped', done: 499, seconds: 1 }),
      expect.objectContaining({ level: 'info', msg: 'scoring done', done: 500, total: 500, seconds: 1 }),
      expect.objectContaining({ level: 'warn', msg: 'looking stopped' }),
    ]);
  });

  it('counts the time of a step that reports only when it is done', () => {
    const { view, written } = screen();
    wait(2000);
    view.update({ stage: 'label', done: 1, total: 1 });
    wait(3000);
    view.update({ stage: 'split', done: 1, total: 1, rows: 600 });
    view.stop();
    expect(lines(written())).toEqual([
      expect.objectContaining({ stage: 'label', seconds: 2 }),
      expect.objectContaining({ stage: 'split', seconds: 3, rows_per_s: 200 }),
    ]);
  });

  it('leaves out a speed that nobody can know', () => {
    const { view, written } = screen();
    view.update({ stage: 'ingesting', done: 1, total: 1, rows: 1_000_000 });
    view.stop();
    const [line] = lines(written());
    expect(line).toMatchObject({ rows: 1_000_000, seconds: 0 });
    expect(line).not.toHaveProperty('rows_per_s');
  });

  it('writes a warning as a structured line of its own', () => {
    const { view, written } = screen();
    view.update({ stage: 'ingesting', done: 0, total: 1 });
    view.log({ message: 'the server is busy; trying again', fields: { attempt: 2, reason: 'HTTP 503' } });
    expect(lines(written())).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'the server is busy; trying again',
        attempt: 2,
        reason: 'HTTP 503',
      }),
    ]);
  });
});
