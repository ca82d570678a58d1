import { EVOLUTION_DAYS, FLAT_DAYS, STABILITY_WITHOUT_PREVIOUS } from '@risk-scoring/evaluation';
import type { SubmissionReport } from './submission-report.ts';

/** What a reader should know of the figures of a report, a sentence each. */
export function notesOf(report: Omit<SubmissionReport, 'notes'>): string[] {
  return [...ofRows(report), ...ofBehaviour(report), ...ofTruth(report), ...ofEvolution(report)];
}

type Report = Omit<SubmissionReport, 'notes'>;

function* ofRows({ integrity, rows_of_other_snapshots: others }: Report): Generator<string> {
  const { rows: unknown, examples } = integrity.unknown_alerts;
  if (others > 0) yield `Rows that name another date or window: ${others}; they do not count.`;
  if (unknown > 0) {
    yield `Rows about alerts that the snapshot does not have: ${unknown} (${examples.map((id) => `'${id}'`).join(', ')}); they do not count.`;
  }
  if (!integrity.passed) {
    yield 'A submission that fails the integrity check gets 0, whatever the other figures say; they are of the rows that can be used.';
  }
}

function* ofBehaviour({ behaviour }: Report): Generator<string> {
  if (behaviour === null) return;
  if (behaviour.submissions === 1) {
    yield behaviour.rank_agreement < 1
      ? 'Without other submissions this one is the median; its scores are all alike and order nothing, which counts as no agreement.'
      : 'Without other submissions this one is the median, and agrees with itself: 1.';
  }
  if (behaviour.alerts_of_previous === null) {
    yield `Without a previous date stability is ${STABILITY_WITHOUT_PREVIOUS}.`;
  } else if (behaviour.alerts_of_previous < 2) {
    yield `The previous date shares fewer than two alert ids with this one, so stability is ${STABILITY_WITHOUT_PREVIOUS}: ids that hold the date are never compared.`;
  }
}

function* ofTruth({ days, ground_truth: truth, corrected }: Report): Generator<string> {
  if (days <= FLAT_DAYS) {
    yield `Up to day ${FLAT_DAYS} only integrity and behaviour are judged, and every whole submission gets the same.`;
  }
  if (truth === null || corrected === null) return;
  if (truth.auc === null)
    yield 'Ground truth has no AUC without labelled alerts of both classes, and adds nothing.';
  if (truth.conflicting_addresses > 0) {
    yield `Addresses whose labels disagree: ${truth.conflicting_addresses}; one label of high or critical is enough for 1.`;
  }
  if (corrected.addresses < corrected.alerts) {
    yield `The ${corrected.alerts} labelled alerts are of ${corrected.addresses} addresses: AUC over alerts counts an address once for each of its alerts, so a few busy ones decide it. The interval draws addresses.`;
  }
}

function* ofEvolution({ days, evolution }: Report): Generator<string> {
  if (days > FLAT_DAYS && days < EVOLUTION_DAYS) yield `Evolution is judged from day ${EVOLUTION_DAYS} on.`;
  if (days >= EVOLUTION_DAYS && evolution === null) {
    yield `There is no snapshot ${EVOLUTION_DAYS} days later, so evolution adds nothing.`;
  }
  if (evolution === null || evolution.alerts === 0) return;
  if (evolution.days !== EVOLUTION_DAYS) {
    yield `Evolution is over ${evolution.days} days, to the snapshot of ${evolution.later}, as there is none after ${EVOLUTION_DAYS}.`;
  }
  const undecided = evolution.classes.dormant + evolution.classes.other;
  if (undecided > 0) {
    yield `${undecided} of ${evolution.alerts} alerts are of addresses that neither expanded nor look benign. For evolution's AUC and Brier score the validator takes the submission's own word of them, 1 from a score of 0.5 on; the corrected figures take them as 0.`;
  }
}
