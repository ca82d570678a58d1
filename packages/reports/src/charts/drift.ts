import type { SnapshotDrift } from '../content.ts';
import { PSI_MUCH, PSI_SOME, readPsi } from '../wording/drift-reading.ts';
import { amount, figure } from '../wording/numbers.ts';
import { BARS_LEFT, barHeight, bars } from './bars.ts';
import type { Chart } from './chart.ts';

const SHOWN = 12;

/** The features that moved most. */
export function featureDriftChart({ features, processing_date: date }: SnapshotDrift): Chart | null {
  const shown = features.slice(0, SHOWN);
  if (shown.length === 0) return null;
  return {
    id: 'feature-drift',
    title: 'Features that moved most',
    description: `Population stability index of ${shown.length} features between the training period and ${date}: ${shown.map(({ name, psi }) => `${name} ${figure(psi)}`).join(', ')}.`,
    keys: [
      { look: 'blue bar', text: 'PSI' },
      { look: 'dashed', text: `${PSI_SOME} and ${PSI_MUCH}` },
    ],
    height: barHeight(shown.length),
    left: BARS_LEFT,
    layers: bars(
      shown.map(({ name, psi }) => ({ name, values: [psi] })),
      { title: 'population stability index', format: '~g', marks: [PSI_SOME, PSI_MUCH] },
    ),
  };
}

/** Where the model scored rows in training, and where it scores them now. */
export function scoreDriftChart({ scores, processing_date: date }: SnapshotDrift): Chart | null {
  const { reference, current } = scores;
  if (reference.shares.length === 0) return null;
  const name = (i: number) => {
    const low = reference.edges[i - 1];
    const high = reference.edges[i];
    if (low === undefined) return high === undefined ? 'all' : `below ${amount(high)}`;
    return high === undefined ? `${amount(low)} or more` : `${amount(low)} to ${amount(high)}`;
  };
  return {
    id: 'score-drift',
    title: 'Scores, then and now',
    description: `Share of the rows by score: of rows of the training period that the model has not learned from, mixed as its labelled and unlabelled rows are, and of ${date}. The population stability index is ${figure(scores.psi)}: ${readPsi(scores)}.`,
    keys: [
      { look: 'blue bar', text: 'training period' },
      { look: 'orange bar', text: date },
    ],
    height: barHeight(reference.shares.length),
    left: BARS_LEFT,
    layers: bars(
      reference.shares.map((share, i) => ({ name: name(i), values: [share, current.shares[i] ?? 0] })),
      { title: 'share of the rows', format: '.0%' },
    ),
  };
}
