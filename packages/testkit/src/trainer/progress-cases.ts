import type { TrainingProgress } from '@risk-scoring/contract';
import { check, checkCancelled, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import type { TrainerSubject } from './trainer-subject.ts';
import { plainPredictions, predictionsAfter } from './trainer-subject.ts';
import { requestOf } from './training-problem.ts';

/** How a training is watched and stopped. */
export const progressCases: readonly ConformanceCase<TrainerSubject>[] = [
  {
    name: 'reports its iterations in order, up to the most there can be',
    async run(subject) {
      const seen: TrainingProgress[] = [];
      const onProgress = (progress: TrainingProgress) => seen.push(progress);
      await predictionsAfter(subject, requestOf(subject.makeProblem(), { onProgress }));
      check(seen.length > 0, 'no progress was reported');
      for (const [i, { iteration, maxIterations }] of seen.entries()) {
        const before = seen[i - 1]?.iteration ?? 0;
        check(
          Number.isInteger(iteration) && iteration > before,
          `iteration ${iteration} came after ${before}`,
        );
        check(iteration <= maxIterations, `iteration ${iteration} of at most ${maxIterations}`);
      }
    },
  },
  {
    name: 'leaves the event loop free while it trains',
    async run(subject) {
      const { longest, total } = await watchEventLoop(() =>
        predictionsAfter(subject, requestOf(subject.makeLongProblem())),
      );
      // A short training has no time to block anything.
      check(
        total < 300 || longest < total / 2,
        `of ${total.toFixed(0)} ms, the event loop stood still for ${longest.toFixed(0)} ms`,
      );
    },
  },
  {
    name: 'does not start when its signal has aborted',
    async run(subject) {
      const trainer = await subject.makeTrainer();
      const signal = AbortSignal.abort(new Error('the user stopped'));
      let reports = 0;
      const onProgress = () => {
        reports += 1;
      };
      const work = trainer.train(requestOf(subject.makeProblem(), { signal, onProgress }));
      await checkCancelled(work, signal, 'train');
      check(reports === 0, `${reports} iterations were reported`);
    },
  },
  {
    name: 'stops before its end when its signal aborts, and can train again',
    async run(subject) {
      const trainer = await subject.makeTrainer();
      const stop = new AbortController();
      let last: TrainingProgress | undefined;
      const onProgress = (progress: TrainingProgress) => {
        last = progress;
        stop.abort(new Error('the user stopped'));
      };
      const work = trainer.train(requestOf(subject.makeLongProblem(), { signal: stop.signal, onProgress }));
      await checkCancelled(work, stop.signal, 'train');
      check(last !== undefined, 'no progress was reported');
      check(
        last.maxIterations === 1 || last.iteration < last.maxIterations,
        `it went on to iteration ${last.iteration} of ${last.maxIterations}`,
      );
      const problem = subject.makeProblem();
      const model = await trainer.train(requestOf(problem));
      checkSameBits(await model.predict(problem.data), await plainPredictions(subject), 'the next training');
      await model.dispose();
    },
  },
];

/** How long some work took, and the longest time in which no timer could run, in milliseconds. */
async function watchEventLoop(work: () => Promise<unknown>): Promise<{ longest: number; total: number }> {
  const start = performance.now();
  let last = start;
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  look();
  return { longest, total: performance.now() - start };
}
