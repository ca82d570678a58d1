import type { CompleteTrial, Study, TrialRecord } from '@risk-scoring/tuning';
import type { OnPipelineProgress } from '../progress.ts';
import type { FoldMetric } from './metrics.ts';

/** Tells how far a study is: `trial 7: auc 0.951, best 0.957 (trial 3)`. */
export function trialProgress(
  onProgress: OnPipelineProgress | undefined,
  { study, metric, total }: { readonly study: Study; readonly metric: FoldMetric; readonly total: number },
) {
  let last = '';
  const tell = (detail: string) =>
    onProgress?.({ stage: 'tuning', done: Math.min(study.trials.length, total), total, detail });
  return {
    begin() {
      const { length } = study.trials;
      last = length === 0 ? '' : `${length} of ${total} trials were there already`;
      if (length > 0) tell(last);
    },
    started(index: number) {
      tell(last === '' ? `trial ${index}` : last);
    },
    finished(trial: TrialRecord, best: CompleteTrial | undefined) {
      const figure = `${outcomeOf(trial, metric.name)}`;
      const ofBest = best ? `, best ${best.value.toFixed(3)} (trial ${best.index})` : '';
      last = `trial ${trial.index}: ${figure}${ofBest}`;
      tell(last);
    },
  };
}

function outcomeOf(trial: TrialRecord, metric: string): string {
  switch (trial.state) {
    case 'complete':
      return `${metric} ${trial.value.toFixed(3)}`;
    case 'pruned':
      return `pruned after ${trial.values.length} folds`;
    case 'failed':
      return `failed, ${trial.error.code}`;
  }
}
