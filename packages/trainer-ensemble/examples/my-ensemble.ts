// An ensemble of your own: a function that makes it, for a module or package of yours to export.
import { createEnsembleTrainer } from '@risk-scoring/trainer-ensemble';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

/** Few deep trees and many shallow ones, averaged; the shallow ones count twice. */
export function createMyTrainer() {
  const deep = createLightGBMTrainer({ parameters: { num_leaves: 255, min_data_in_leaf: 50 } });
  const shallow = createLightGBMTrainer({ parameters: { num_leaves: 7 }, maxRounds: 3000 });
  return createEnsembleTrainer({
    members: [
      { trainer: deep, name: 'deep' },
      { trainer: shallow, name: 'shallow', weight: 2 },
    ],
    method: 'average',
  });
}
